"""Registers and actions over HTTP, as JSON. Who asks is known by a bearer token, or by a session with its CSRF token."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import orjson
from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from upheld.accounts.person import SignedInRequest
from upheld.actions.acting import Done
from upheld.actions.asking import ask, ask_for_each
from upheld.actions.errors import Crossed, Ill, KeyReused, NoSuchRecord, NotAllowed, OutOfScope, Refused
from upheld.actions.files import LARGEST_BYTES, keep_file
from upheld.actions.models import Record
from upheld.web.api.openapi import described
from upheld.web.api.reading import whole
from upheld.web.population import page_number
from upheld.web.registers import finding

PER_PAGE = 100
LONGEST_BODY = 2_000_000
View = Callable[..., HttpResponse]


def _told(view: View) -> View:
    """Answer errors as JSON: what happened, and which fields."""

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            return view(request, **named)
        except Http404 as error:
            return _error(404, str(error))
        except Refused as error:
            return _refusal(error)

    return answered


def _refusal(error: Refused) -> JsonResponse:
    if isinstance(error, Ill):
        return _error(422, str(error), fields={name: list(said) for name, said in error.fields.items()})
    if isinstance(error, NoSuchRecord | OutOfScope):
        return _error(404, str(error))
    if isinstance(error, NotAllowed):
        return _error(403, str(error))
    if isinstance(error, Crossed):
        changes = [{"field": each.field, "before": each.before, "after": each.after} for each in error.changes]
        return _error(409, str(error), changes=changes)
    return _error(422 if isinstance(error, KeyReused) else 409, str(error))


def _error(status: int, said: str, **more: object) -> JsonResponse:
    return JsonResponse({"error": said, **more}, status=status)


@require_safe
@_told
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the description of this API, of what whoever asks may do."""
    return JsonResponse(described(cast(SignedInRequest, request).person))


@require_safe
@_told
def records(request: HttpRequest, chapter: str, name: str) -> HttpResponse:
    """Return a page of records, newest first: those with `q` in them, if it is given."""
    person = cast(SignedInRequest, request).person
    found = finding.searched(finding.seen(person, finding.register(person, chapter, name)), request.GET.get("q", "")[:200])
    pages = Paginator(found, PER_PAGE)
    try:
        page = pages.page(page_number(request.GET.get("page", "")))
    except EmptyPage as error:
        raise Http404(f"There are {pages.num_pages} pages.") from error
    return JsonResponse({"count": pages.count, "pages": pages.num_pages, "records": [_shown(each) for each in page.object_list]})


@require_safe
@_told
def record(request: HttpRequest, chapter: str, name: str, number: int) -> HttpResponse:
    """Return one record."""
    person = cast(SignedInRequest, request).person
    return JsonResponse(_shown(finding.record(person, finding.register(person, chapter, name), number)))


def _shown(each: Record) -> dict[str, Any]:
    return {"record": each.reference, "title": str(each), **each.values()}


@require_POST
@_told
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Do an action: {"number" or "numbers", "seen", "given": {...}}; header Idempotency-Key makes the same request be done once."""
    person = cast(SignedInRequest, request).person
    action = finding.action(name)
    said = _body(request)
    given, numbers = said.get("given", {}), said.get("numbers")
    if not isinstance(given, dict):
        raise Ill({"given": ("Give an object of fields.",)})
    if numbers is not None:
        if not isinstance(numbers, list) or not numbers or not all(isinstance(each, int) for each in numbers):
            raise Ill({"numbers": ("Give a list of records' numbers.",)})
        return JsonResponse({"done": [_done(each) for each in ask_for_each(action, given, by=person, numbers=numbers)]})
    key = request.headers.get("Idempotency-Key", "")[:80]
    done = ask(
        action,
        given,
        by=person,
        number=_whole("number", said.get("number")),
        seen=_whole("seen", said.get("seen")),
        key=f"{person.account_id}/{key}" if key else "",
    )
    return JsonResponse({"done": [_done(done)]})


def _done(done: Done) -> dict[str, str]:
    return {"record": done.record, "entry": done.entry_id}


def _whole(name: str, value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63):
        return value
    raise Ill({name: ("Give a whole number.",)})


def _body(request: HttpRequest) -> dict[str, Any]:
    content = whole(request, LONGEST_BODY)
    if content is None:
        raise Ill({"": (f"At most {LONGEST_BODY:,} bytes.",)})
    try:
        said = orjson.loads(content or b"{}")
    except orjson.JSONDecodeError as error:
        raise Ill({"": (f"This is not JSON: {error}.",)}) from error
    if not isinstance(said, dict):
        raise Ill({"": ("Give a JSON object.",)})
    return said


@require_POST
@_told
def hand_in(request: HttpRequest) -> HttpResponse:
    """Keep the body as a file, and return its digest, by which actions name it."""
    content = whole(request, LARGEST_BYTES)
    if content is None:
        return _error(413, f"At most {LARGEST_BYTES:,} bytes.")
    kept = keep_file(content)
    return JsonResponse({"sha256": kept.sha256, "size": kept.size_bytes}, status=201)
