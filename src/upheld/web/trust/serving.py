"""Serving the Trust Center: gathered anew once something was entered in the ledger or time changed it, and kept until then."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from threading import Lock
from typing import cast
from urllib.parse import urljoin

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Verb
from upheld.actions.models import Step
from upheld.checks.verdict import State
from upheld.documents.models import DocumentStep
from upheld.ledger.models import Entry, Outbox
from upheld.registers.compliance.models import Certificate, Certification
from upheld.registers.governance.models import Jurisdiction
from upheld.registers.governance.policy_models import Policy, PolicyVersion
from upheld.registers.governance.publication_models import DocumentVersion
from upheld.registers.privacy.models import DataCategory
from upheld.registers.privacy.sharing_models import Announcement, Destination, SubProcessor, Transfer
from upheld.registers.trust.models import Language, NoticeUpdate, PromiseShown, PublicNotice, TrustCenter
from upheld.verdicts.models import Judgement, MeasureVerdict
from upheld.web.customer import customers_of
from upheld.web.page import answer
from upheld.web.trust import domain, gathering, log
from upheld.web.trust.gathering import CUSTOMERS, EVERYBODY, Audience
from upheld.web.trust.pages import Page
from upheld.web.trust.public import Checkpoint, Public
from upheld.web.trust.searching import search
from upheld.web.trust.site import JSON, TWIN, File, Site
from upheld.web.trust.sitemap import robots
from upheld.web.trust.twins import twin

CACHED = "public, max-age=60"
LANGUAGES = tuple(each.value for each in Language)
Said = tuple[object, ...]


# What strangers may ask for often is gathered anew when one of these was acted on, when something was judged or a document published;
# and for whatever else was entered in the ledger at most once in so long.
SHOWN = [
    each.register()
    for each in (
        *(
            TrustCenter,
            PromiseShown,
            PublicNotice,
            NoticeUpdate,
            Policy,
            PolicyVersion,
            DocumentVersion,
            Jurisdiction,
            Certification,
            Certificate,
        ),
        *(SubProcessor, Transfer, Announcement, Destination, DataCategory),
    )
]
AT_LEAST = timedelta(seconds=60)


@dataclass(frozen=True)
class _Kept:
    """What was gathered: what it was gathered from, what else was entered then, from when until when it speaks, and what was made of it."""

    said: Said
    entered: Said
    at: datetime
    until_at: datetime
    site: Site | None
    checkpoint: Checkpoint | None

    def holds(self, said: Said, entered: Said, now: datetime) -> bool:
        """Whether it still says all that is public."""
        return self.said == said and self.at <= now < self.until_at and (self.entered == entered or now < self.at + AT_LEAST)


_kept: dict[tuple[str, Audience], _Kept] = {}  # by database and whom it is for
_lock = Lock()


def current(audience: Audience = EVERYBODY) -> Site | None:
    """Return the Trust Center as it stands for `audience`; None where none is open."""
    return _now(audience).site


@require_safe
def serve(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer with what is public at `path`, in the language that it begins with, else in the reader's."""
    language, rest = _parted(path)
    if language and rest.startswith("subscribe/"):
        return HttpResponseRedirect(f"{domain.mount()}{rest}")
    now = _now(_in(EVERYBODY, language or _wanted(request)))
    if now.site is None:
        person = cast(SignedInRequest, request).person
        if person.may(Verb.SEE, "promises"):
            return answer(request, "trust/closed", person.may(Verb.DO, "registers"), place="trust")
        raise Http404(_("No Trust Center is open here."))
    return _served(request, rest, now, now.site)


@require_safe
def serve_customers(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer a customer's people with what customers may read at `path`."""
    language, rest = _parted(path)
    now = _now(_in(CUSTOMERS, language or _wanted(request)))
    if now.site is None or not customers_of(cast(SignedInRequest, request).person):
        raise Http404(_("Nothing is shared with you here."))
    response = _served(request, rest, now, now.site)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _parted(path: str) -> tuple[str, str]:
    """Return the language that `path` begins with, "" for none, and the rest of it."""
    first, slash, rest = path.partition("/")
    return (first, rest) if slash and first in LANGUAGES else ("", path)


def _wanted(request: HttpRequest) -> str:
    """Return the language that the reader's browser wants most of those that there are; "" where it says nothing."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower()):
        if code.partition("-")[0] in LANGUAGES:
            return str(code.partition("-")[0])
    return ""


def _in(audience: Audience, language: str) -> Audience:
    """Return `audience` in `language`; as it is where that is the Trust Center's own, so that it is gathered once."""
    own = TrustCenter.objects.filter(closed_at=None).values_list("language", flat=True).first() if language else None
    return replace(audience, language="" if language == own else language)


def _served(request: HttpRequest, path: str, now: _Kept, site: Site) -> HttpResponse:
    if path in ("search/", f"search/{TWIN}"):
        return _answer(request, _searched(site, request.GET.get("q", ""), as_twin=path.endswith(TWIN)))
    verify = site.verify(now.checkpoint) if path.startswith("verify/") else {}
    found = verify.get(path) or site.file(path) or site.proof(path)
    if found is not None:
        return _answer(request, found)
    if f"{path}/" in site.pages:
        return HttpResponsePermanentRedirect(f"{request.path}/")
    missing = site.rendered(Page(path, "missing", "There is no such page", None, ""))
    return HttpResponse(missing.content, missing.media, status=404)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer with where weaknesses are reported (RFC 9116); nothing where nobody said so, or where it is over."""
    site = current()
    if site is None or site.public.contact_until_on <= site.public.day:
        raise Http404
    return _answer(request, File("text/plain; charset=utf-8", contact(site.public).encode()))


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Answer search engines (RFC 9309): the Trust Center is for them, nothing else; nothing where none is open."""
    site = current()
    if site is not None and settings.TRUST_ADDRESS and not domain.is_own(request):
        return _answer(request, File("text/plain; charset=utf-8", b"User-agent: *\nDisallow: /\n"))
    if site is None or not site.public.home:
        raise Http404
    return _answer(request, File("text/plain; charset=utf-8", robots(site.public, site.mount)))


def contact(public: Public) -> str:
    """Return the text of `security.txt`."""
    reach = public.contact if public.contact.startswith("https:") else f"mailto:{public.contact}"
    lines = [
        f"Contact: {reach}",
        f"Expires: {public.contact_until_on}T00:00:00Z",
        f"Preferred-Languages: {', '.join(dict.fromkeys((public.language, 'en')))}",
    ]
    if public.reporting_policy:
        lines.append(f"Policy: {public.reporting_policy}")
    for place in dict.fromkeys(urljoin(each, "/.well-known/security.txt") for each in (public.home, public.address) if each):
        lines.append(f"Canonical: {place}")
    return "\n".join(lines) + "\n"


def _now(audience: Audience) -> _Kept:
    """Return what stands. Gathering is done by one at a time; pages are made anew only where what is public became otherwise."""
    place, said, entered, now = (str(connection.settings_dict["NAME"]), audience), _said(), _entered(), clock.now()
    with _lock:
        before = _kept.get(place)
        if before is None or not before.holds(said, entered, now):
            _kept[place] = before = _gathered(before, audience, said, entered, now)
        elif before.site is not None and before.entered != entered and (checkpoint := log.checkpoint()) != before.checkpoint:
            _kept[place] = before = replace(before, checkpoint=checkpoint)
        return before


def _gathered(before: _Kept | None, audience: Audience, said: Said, entered: Said, now: datetime) -> _Kept:
    its = gathering.center()
    if its is None:
        return _Kept(said, entered, now, _until(now), None, None)
    public, checkpoint = gathering.gather(its, audience), log.checkpoint()
    site = (
        before.site
        if before and before.site and before.site.public == public
        else Site(public, mount=reverse("customer-trust") if audience.customers else domain.mount())
    )
    return _Kept(said, entered, now, _until(now), site, checkpoint)


def _said() -> Said:
    """Return what changes whenever something public does: the last judgement, step of a document and step of a register, and the day."""
    steps = Step.objects.filter(register__in=SHOWN).aggregate(Max("id"))
    return clock.now().date(), Judgement.objects.aggregate(Max("id")), DocumentStep.objects.aggregate(Max("id")), steps


def _entered() -> Said:
    """Return what changes with each entry of the ledger."""
    return Entry.objects.aggregate(Max("position")), Outbox.objects.aggregate(Max("n")), log.size()


def _until(now: datetime) -> datetime:
    """Return when what stands `now` becomes otherwise by itself: evidence goes stale, a subject is to fail, or a day ends."""
    begins = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    graces = [timedelta(hours=each) for each in DocumentVersion.objects.exclude(grace_hours=0).values_list("grace_hours", flat=True)]
    broke = MeasureVerdict.objects.filter(until_at=None, state=State.BROKEN, from_at__gt=now - max(graces, default=timedelta()))
    over = [at + grace for at in broke.values_list("from_at", flat=True) for grace in set(graces)]
    times = [begins, *(each for each in over if each > now)]
    for name in ("stale_at", "flips_at"):
        found = MeasureVerdict.objects.filter(**{"until_at": None, f"{name}__gt": now}).order_by(name).values_list(name, flat=True).first()
        times += [cast(datetime, found)] if found else []
    return min(times)


def _searched(site: Site, asked: str, *, as_twin: bool) -> File:
    page = Page("search/", "search", "Search", search(site.public, asked.strip()[:200]), "search")
    return File(JSON, twin(page, site.public)) if as_twin else site.rendered(page)


def _answer(request: HttpRequest, file: File) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "") and len(file.content) > 500
    response: HttpResponse = HttpResponse(file.packed if packs else file.content, file.media)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"], response.headers["ETag"] = CACHED, file.etag
    response.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return cast(HttpResponse, get_conditional_response(request, etag=file.etag, response=response))
