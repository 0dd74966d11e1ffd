"""Pages about things and zones that the general ones do not do: rules to read, the receipt of a hand-over, and the round after work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from markdown_it import MarkdownIt

from upheld.accounts.person import SignedInRequest
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Refused
from upheld.actions.models import Step
from upheld.registers.assets.models import AssetClass, Custody
from upheld.registers.physical.kinds import Looked
from upheld.registers.physical.models import Inspection, Zone
from upheld.registers.staff import names
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.registers.showing import Link, link

# No HTML of the writer's own, and only addresses that a browser may follow: what is written stays text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class RulesPage:
    """Rules to read. `acknowledged` says that whoever looks did so already."""

    of: Link
    text: SafeString
    digest: str
    action: str
    acknowledged: bool


@dataclass(frozen=True)
class Signature:
    """Who signed for what, when, and the entry of the ledger that says so."""

    what: str
    who: str
    at: datetime | None
    entry_id: str


@dataclass(frozen=True)
class ReceiptPage:
    """The receipt of one hand-over."""

    custody: Custody
    asset: Link
    holder: str
    signatures: tuple[Signature, ...]
    may_sign: bool


@dataclass(frozen=True)
class Office:
    """An office to walk round: when somebody did last, and what is open of what they found."""

    zone: Zone
    looked_at: datetime | None
    found: str


@dataclass(frozen=True)
class RoundPage:
    """Offices, those not looked at for longest first; what was refused, and at which office."""

    offices: tuple[Office, ...]
    wrong: str
    at: int
    typed: str


@require_safe
def zone_rules(request: HttpRequest, number: int) -> HttpResponse:
    """Show the working rules of a zone."""
    zone = cast(Zone, finding.as_it_is(cast(SignedInRequest, request).person, Zone, number))
    read = zone.rules_acknowledgements.filter(digest=zone.rules_digest).values_list("person", flat=True)
    return _rules(request, link(zone), zone.rules, zone.rules_digest, "physical.acknowledge-zone-rules", read)


@require_safe
def use_rules(request: HttpRequest, number: int) -> HttpResponse:
    """Show the rules of acceptable use of a class of assets."""
    kind = cast(AssetClass, finding.as_it_is(cast(SignedInRequest, request).person, AssetClass, number))
    read = kind.acknowledgements.filter(digest=kind.rules_digest).values_list("person", flat=True)
    return _rules(request, link(kind), kind.rules, kind.rules_digest, "assets.acknowledge-use-rules", read)


def _rules(request: HttpRequest, of: Link, text: str, digest: str, action: str, read: Iterable[str]) -> HttpResponse:
    if not digest:
        raise Http404(_("No rules are written yet."))
    written = mark_safe(_MARKDOWN.render(text))  # noqa: S308  the renderer escapes all HTML
    page = RulesPage(of, written, digest, action, cast(SignedInRequest, request).person.ref in set(read))
    return answer(request, "registers/rules", page, place="registers")


@require_safe
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """Show the receipt of a hand-over, to be printed or signed."""
    person = cast(SignedInRequest, request).person
    custody = cast(Custody, finding.as_it_is(person, Custody, number))
    called = names([each for each in (custody.holder, custody.given_by, custody.taken_by) if each])
    steps = {each.action: each for each in Step.objects.filter(register=custody.register(), record=str(custody.pk)).order_by("pk")}

    def signed(what: str, action: str, who: str, at: datetime | None) -> Signature:
        step = steps.get(action)
        return Signature(what, called.get(who, who), at, step.entry_id if step and at else "")

    page = ReceiptPage(
        custody=custody,
        asset=link(custody.asset),
        holder=called.get(custody.holder, custody.holder),
        signatures=(
            signed("handed out", "assets.hand-out", custody.given_by, custody.given_at),
            signed("received", "assets.sign-custody", custody.holder, custody.signed_at),
            signed("taken back", "assets.take-back", custody.taken_by, custody.returned_at),
        ),
        may_sign=custody.holder == person.ref and not custody.signed_at and not custody.returned_at,
    )
    return answer(request, "registers/receipt", page, place="registers")


@require_http_methods(["GET", "HEAD", "POST"])
def desk_round(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Show the offices to walk round after work, of one site or of all, on a phone, and take down what was found in each."""
    person = cast(SignedInRequest, request).person
    wrong, at, typed = "", 0, ""
    if request.method == "POST":
        said, typed = request.POST.get("zone", ""), request.POST.get("found", "").strip()[:2_000]
        at = int(said) if said.isdecimal() and len(said) < 19 else 0
        clear = "clear" in request.POST
        try:
            given = {"passed": "yes"} if clear else {"passed": "no", "found": typed}
            ask(declared()["physical.inspect-desks"], given, by=person, number=at)
            return HttpResponseRedirect(request.path)
        except Refused as error:
            wrong = str(error).removeprefix("found: ")
    zones = [
        cast(Zone, each)
        for each in finding.seen(person, Zone).filter(**{"desks": True, "ended_at": None} | ({"site": number} if number else {}))
    ]
    page = RoundPage(tuple(_offices(zones)), wrong, at, typed)
    return answer(request, "registers/round", page, place="registers", status=400 if wrong else 200)


def _offices(zones: list[Zone]) -> list[Office]:
    last: dict[int, datetime] = {}
    still: dict[int, str] = {}
    for each in Inspection.objects.filter(kind=Looked.DESKS, zone__in=zones).order_by("at"):
        zone = cast(int, each.zone_id)
        last[zone] = each.at
        if not each.passed and each.closed_at is None:
            still[zone] = each.found
    found = [Office(zone, last.get(zone.pk), still.get(zone.pk, "")) for zone in zones]
    return sorted(found, key=lambda each: (each.looked_at is not None, each.looked_at or 0, each.zone.title))
