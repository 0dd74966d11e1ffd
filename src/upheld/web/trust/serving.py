"""Serving the Trust Center: gathered anew once something was entered in the ledger or time changed it, and kept until then."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from threading import Lock
from typing import cast

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Verb
from upheld.ledger.models import Entry, Outbox
from upheld.verdicts.models import MeasureVerdict
from upheld.web.page import answer
from upheld.web.trust import gathering, log
from upheld.web.trust.pages import Page
from upheld.web.trust.public import Checkpoint, Public
from upheld.web.trust.searching import search
from upheld.web.trust.site import File, Site

CACHED = "public, max-age=60"
Said = tuple[object, ...]


@dataclass(frozen=True)
class _Kept:
    """What was gathered: what it was gathered from, until when it speaks, and the site that was made of it."""

    said: Said
    until_at: datetime
    site: Site | None
    checkpoint: Checkpoint | None
    verify: dict[str, File]


_kept: dict[str, _Kept] = {}  # by database
_lock = Lock()


def current() -> Site | None:
    """Return the Trust Center as it stands; None where none is open."""
    return _now().site


@require_safe
def serve(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer with what is public at `path`."""
    now = _now()
    if now.site is None:
        if cast(SignedInRequest, request).person.may(Verb.SEE, "promises"):
            return answer(request, "trust/closed", None, place="trust", status=404)
        raise Http404("No Trust Center is open here.")
    if path == "search/":
        return _answer(request, _searched(now.site, request.GET.get("q", "")))
    found = now.verify.get(path) or now.site.file(path) or now.site.proof(path)
    if found is not None:
        return _answer(request, found)
    if f"{path}/" in now.site.pages:
        return HttpResponsePermanentRedirect(f"{request.path}/")
    missing = now.site.rendered(Page(path, "missing", "There is no such page", None, ""))
    return HttpResponse(missing.content, missing.media, status=404)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer with where weaknesses are reported (RFC 9116); nothing where nobody said so, or where it is over."""
    site = current()
    if site is None or site.public.contact_until_on <= site.public.day:
        raise Http404
    return _answer(request, File("text/plain; charset=utf-8", contact(site.public).encode()))


def contact(public: Public) -> str:
    """Return the text of `security.txt`."""
    reach = public.contact if public.contact.startswith("https:") else f"mailto:{public.contact}"
    lines = [f"Contact: {reach}", f"Expires: {public.contact_until_on}T00:00:00Z", f"Preferred-Languages: {public.language}, en"]
    if public.reporting_policy:
        lines.append(f"Policy: {public.reporting_policy}")
    if public.address:
        lines.append(f"Canonical: {public.address}/.well-known/security.txt")
    return "\n".join(lines) + "\n"


def _now() -> _Kept:
    """Return what stands. Gathering is done by one at a time; pages are made anew only where what is public became otherwise."""
    place, said = str(connection.settings_dict["NAME"]), _said()
    with _lock:
        before = _kept.get(place)
        if before is None or before.said != said or not clock.now() < before.until_at:
            _kept[place] = before = _gathered(before, said)
        return before


def _gathered(before: _Kept | None, said: Said) -> _Kept:
    until_at, its = _until(), gathering.center()
    if its is None:
        return _Kept(said, until_at, None, None, {})
    public, checkpoint = gathering.gather(its), log.checkpoint()
    site = before.site if before and before.site and before.site.public == public else Site(public)
    if before and site is before.site and before.checkpoint == checkpoint:
        return _Kept(said, until_at, site, checkpoint, before.verify)
    return _Kept(said, until_at, site, checkpoint, site.verify(checkpoint))


def _said() -> Said:
    """Return what changes whenever something happened: the last entries, placed, waiting and signed, and the day."""
    last = Entry.objects.order_by("-position").values_list("position", flat=True).first()
    waiting = Outbox.objects.order_by("-n").values_list("n", flat=True).first()
    return clock.now().date(), last, waiting, log.size()


def _until() -> datetime:
    """Return when what stands becomes otherwise by itself: evidence goes stale, a subject is to fail, or a day ends."""
    now = clock.now()
    begins = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    times = [begins]
    for name in ("stale_at", "flips_at"):
        found = MeasureVerdict.objects.filter(**{"until_at": None, f"{name}__gt": now}).order_by(name).values_list(name, flat=True).first()
        times += [cast(datetime, found)] if found else []
    return min(times)


def _searched(site: Site, asked: str) -> File:
    asked = asked.strip()[:200]
    return site.rendered(Page("search/", "search", "Search", search(site.public, asked), "search"))


def _answer(request: HttpRequest, file: File) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "") and len(file.content) > 500
    response: HttpResponse = HttpResponse(file.packed if packs else file.content, file.media)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"], response.headers["ETag"] = CACHED, file.etag
    response.headers["Vary"] = "Accept-Encoding"
    return cast(HttpResponse, get_conditional_response(request, etag=file.etag, response=response))
