"""Actions on visitors and deliveries, and the tablets at doors where visitors sign themselves in and out."""

from datetime import datetime, time
from hashlib import sha256
from typing import Annotated
from zoneinfo import ZoneInfo

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.physical.kinds import Operator, ZoneKind
from upheld.registers.physical.models import Delivery, Kiosk, Site, Visit, Zone
from upheld.registers.physical.sites import KEEPERS, stands
from upheld.registers.rules import STAFF, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

When = Annotated[datetime | None, "when; now if not given"]


def _ours(site: Site) -> str:
    return stands(site) or ("Visitors of a provider's site are the provider's." if site.operated_by == Operator.PROVIDER else "")


@action(by=STAFF, makes=Visit, when=_ours)
def sign_in_visitor(
    site: Site,
    *,
    by: Person,
    name: Annotated[str, Text(120), "who comes"],
    host: Annotated[PersonId, "whom they visit"],
    company: Annotated[Line | None, "where they come from"] = None,
    badge: Annotated[str | None, Text(60), "the number of the visitor's badge"] = None,
    zones: Annotated[list[Name], "where they may go; the site's zones for visitors if not given"] = [],  # noqa: B006  never changed
    signed: Annotated[bool, "whether they signed the house rules"] = False,
    at: When = None,
) -> Visit:
    """Sign somebody from outside in at `site`. They may go where no data are processed, and sign the house rules where there are some."""
    if site.house_rules and not signed:
        raise ill(signed="Visitors sign the house rules first.")
    if badge and Visit.objects.filter(badge=badge, out_at=None).exists():
        raise ill(badge=f"Another visitor wears {badge}; sign them out first.")
    when = not_ahead(at)
    return keep(
        Visit(
            site=site,
            name=name,
            company=company or "",
            host=host,
            badge=badge or "",
            zones=_granted(site, zones),
            in_at=when,
            leave_by_at=_closing(site, when),
            rules_digest=sha256(site.house_rules.encode()).hexdigest() if site.house_rules else "",
        )
    )


def _granted(site: Site, zones: list[str]) -> list[str]:
    known = {each.name: each for each in site.zones.filter(ended_at=None)}
    if not zones:
        return sorted(each.name for each in known.values() if each.kind == ZoneKind.VISITOR and not each.processes_data)
    for name in zones:
        if name not in known:
            raise ill(zones=f"{site} has no zone called {name}.")
        if known[name].processes_data:
            raise ill(zones=f"Data are processed in {known[name]}; visitors do not go there.")
    return sorted(zones)


def _closing(site: Site, when: datetime) -> datetime:
    here = when.astimezone(ZoneInfo(site.time_zone))
    return datetime.combine(here.date(), time.fromisoformat(site.closes), here.tzinfo)


@action(by=STAFF, when=lambda visit: "They have left already." if visit.out_at else "")
def sign_out_visitor(visit: Visit, *, by: Person, at: When = None) -> Visit:
    """Say that the visitor of `visit` has left, and gave the badge back."""
    when = not_ahead(at)
    if when < visit.in_at:
        raise ill(at="This lies before they came.")
    visit.out_at = when
    return keep(visit)


@action(by=KEEPERS, makes=Kiosk, when=_ours)
def open_kiosk(site: Site, *, by: Person, title: Annotated[Line, "which tablet, as in Front door"]) -> Kiosk:
    """Let a tablet at the door of `site` sign visitors in and out. Its link is shown with the record."""
    return keep(Kiosk(site=site, title=title, made_by=by.ref, made_at=clock.now()))


@action(by=KEEPERS, when=lambda kiosk: "It is closed already." if kiosk.ended_at else "")
def close_kiosk(kiosk: Kiosk, *, by: Person) -> Kiosk:
    """Close `kiosk`: its link stops working at once."""
    kiosk.ended_at = clock.now()
    return keep(kiosk)


@action(
    by=STAFF,
    makes=Delivery,
    when=lambda zone: stands(zone) or ("" if zone.kind == ZoneKind.DELIVERY else "Deliveries come in where deliveries do."),
)
def register_delivery(
    zone: Zone,
    *,
    by: Person,
    carrier: Annotated[Line, "who brought it"],
    what: Annotated[Line, "what it is, and for which department"],
    at: When = None,
) -> Delivery:
    """Register something that was delivered into `zone`."""
    return keep(Delivery(zone=zone, carrier=carrier, what=what, received_by=by.ref, received_at=not_ahead(at)))


@action(by=STAFF, when=lambda delivery: "It was inspected already." if delivery.inspected_at else "")
def inspect_delivery(
    delivery: Delivery,
    *,
    by: Person,
    in_order: Annotated[bool, "whether it is what was ordered, and nothing else"],
    note: Prose | None = None,
    at: When = None,
) -> Delivery:
    """Say that you looked into `delivery` before it went further in."""
    when = not_ahead(at)
    if when < delivery.received_at:
        raise ill(at="This lies before it came.")
    if not in_order and not note:
        raise ill(note="Say what was wrong with it.")
    delivery.inspected_by, delivery.inspected_at, delivery.in_order, delivery.note = by.ref, when, in_order, note or ""
    return keep(delivery)
