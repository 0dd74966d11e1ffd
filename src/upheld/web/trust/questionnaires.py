"""A customer's questionnaire as whoever answers it sees it: each question with the promises that may answer it, and how they stand.

What is proposed counts for nothing until somebody read it and ticked it; then it is an answer, kept by an action.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.actions.allowing import why_not
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import Kept
from upheld.registers.trust.asked_models import Questionnaire, QuestionReply, Reply
from upheld.registers.trust.questionnaires import is_open
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.trust import serving
from upheld.web.trust.answering import answers, counted_by, proposed
from upheld.web.trust.gathering import CUSTOMERS
from upheld.web.trust.handing import holding
from upheld.web.trust.public import Public, PublicPromise

A_PAGE = 20
SURE = 0.4  # from here on a promise that is upheld is proposed as a yes
WRITE, HAND_OVER = "trust.write-reply", "trust.hand-over-questionnaire"


@dataclass(frozen=True)
class Candidate:
    """A promise that may answer a question, as customers are shown it; `holds` is whether a yes may rest on it now."""

    promise: PublicPromise
    holds: bool


@dataclass(frozen=True)
class Line:
    """One question, what is proposed or kept as its answer, and what is wrong with what was typed."""

    number: int
    ref: str
    question: str
    candidates: tuple[Candidate, ...]
    reply: QuestionReply | None
    says: str
    words: str
    promises: str
    wrong: str
    no_yes: tuple[str, ...]


@dataclass(frozen=True)
class QuestionnairePage:
    """One page of a questionnaire. `closed` is why nothing is answered any more; `last` the number of its last page."""

    questionnaire: Questionnaire
    lines: tuple[Line, ...]
    kept: int
    closed: str
    keeps: bool
    hands_over: bool
    late: bool
    page: int
    last: int
    open_only: bool
    trust_center: bool
    wrong: str


@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, number: int) -> HttpResponse:
    """Show a page of a questionnaire, and keep the answers that are ticked."""
    person = cast(SignedInRequest, request).person
    found = cast(Questionnaire, finding.as_it_is(person, Questionnaire, number))
    if request.method != "POST":
        return answer(request, "customers/questionnaire", _page(request, found, {}), place="registers")
    if "hand-over" in request.POST:
        return _handed_over(request, found)
    wrong = _save(request, found)
    if wrong:
        return answer(request, "customers/questionnaire", _page(request, found, wrong), place="registers", status=400)
    return HttpResponseRedirect(f"{request.path}?{request.GET.urlencode()}")


@require_safe
def file(request: HttpRequest, number: int, which: str) -> FileResponse:
    """Give the file as it came (`asked`), or with the answers in it (`answered`)."""
    found = cast(Questionnaire, finding.record(cast(SignedInRequest, request).person, Questionnaire, number))
    files = {"asked": (found.file, found.file_name), "answered": (found.filled, found.filled_name)}
    digest, name = files.get(which, ("", ""))
    kept = Kept.named(digest)
    if kept is None:
        raise Http404(_("There is no such file."))
    return FileResponse(kept.path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")


def _handed_over(request: HttpRequest, found: Questionnaire) -> HttpResponse:
    try:
        ask(declared()[HAND_OVER], {}, by=cast(SignedInRequest, request).person, number=found.pk)
    except Refused as error:
        return answer(request, "customers/questionnaire", _page(request, found, {}, str(error)), place="registers", status=409)
    return HttpResponseRedirect(reverse("customer-questionnaire", args=[found.pk]))


def _save(request: HttpRequest, found: Questionnaire) -> dict[int, str]:
    """Keep every ticked answer; return what is wrong, by number. What is right is kept all the same."""
    wrong: dict[int, str] = {}
    with transaction.atomic():
        for ticked in request.POST.getlist("take"):
            if not ticked.isdecimal() or len(ticked) > 6:
                continue
            given: dict[str, Any] = {"number": ticked} | {name: _typed(request, name, ticked) for name in ("says", "words", "promises")}
            given["promises"] = given["promises"].replace(",", "\n")
            try:
                ask(declared()[WRITE], given, by=cast(SignedInRequest, request).person, number=found.pk)
            except Ill as error:
                wrong[int(ticked)] = " ".join(said for each in error.fields.values() for said in each)
            except Refused as error:
                wrong[int(ticked)] = str(error)
    return wrong


def _typed(request: HttpRequest, name: str, number: str | int) -> str:
    return request.POST.get(f"{name}-{number}", "").replace("\r\n", "\n")


def _page(request: HttpRequest, found: Questionnaire, wrong: Mapping[int, str], about: str = "") -> QuestionnairePage:
    person = cast(SignedInRequest, request).person
    replies = {each.number: each for each in found.replies.all()}
    open_only = "open" in request.GET
    numbers = [each for each in range(1, len(found.questions) + 1) if not open_only or each not in replies or each in wrong]
    said = request.GET.get("page", "1")
    last = max(1, -(-len(numbers) // A_PAGE))
    page = min(max(int(said), 1), last) if said.isdecimal() and len(said) < 6 else 1
    site, closed = serving.current(CUSTOMERS), is_open(found)
    public = site.public if site else None
    shown = numbers[(page - 1) * A_PAGE : page * A_PAGE]
    return QuestionnairePage(
        questionnaire=found,
        lines=tuple(_lines(request, found, shown, replies, public, wrong)),
        kept=len(replies),
        closed=closed,
        keeps=not closed and why_not(declared()[WRITE], person, found) is None,
        hands_over=not closed and len(replies) == len(found.questions) and why_not(declared()[HAND_OVER], person, found) is None,
        late=not closed and found.request.answered_at is None and found.request.due_at < clock.now(),
        page=page,
        last=last,
        open_only=open_only,
        trust_center=public is not None,
        wrong=about,
    )


def _lines(
    request: HttpRequest,
    found: Questionnaire,
    numbers: list[int],
    replies: Mapping[int, QuestionReply],
    public: Public | None,
    wrong: Mapping[int, str],
) -> Iterator[Line]:
    known = answers(public) if public else None
    holds, named = holding(), counted_by([each["ref"] for each in found.questions])
    for number in numbers:
        asked, reply = found.questions[number - 1], replies.get(number)
        best = proposed(known, asked["text"], f"{named}{asked['ref']}") if known else None
        candidates = tuple(Candidate(each, each.id in holds and each.state is not None) for each in (best.promises if best else ()))
        typed = number in wrong
        says = _typed(request, "says", number) if typed else reply.says if reply else _proposes(candidates, best.sure if best else 0)
        words = _typed(request, "words", number) if typed else reply.words if reply else "\n".join(each.promise.text for each in candidates)
        names = list(reply.promises) if reply else [each.promise.id for each in candidates]
        yield Line(
            number=number,
            ref=asked["ref"],
            question=asked["text"],
            candidates=candidates,
            reply=reply,
            says=says,
            words=words,
            promises=_typed(request, "promises", number) if typed else ", ".join(names),
            wrong=wrong.get(number, ""),
            no_yes=tuple(each for each in names if each not in holds) if says == Reply.YES else (),
        )


def _proposes(candidates: tuple[Candidate, ...], sure: float) -> Reply | str:
    """Return what is proposed: never yes unless every promise it would rest on is upheld, and nothing where none fits."""
    if not candidates:
        return ""
    return Reply.YES if sure >= SURE and all(each.holds for each in candidates) else Reply.SEE
