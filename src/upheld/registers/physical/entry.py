"""Actions on who may enter: authorisations for zones, their working rules, permits, badges and keys."""

from datetime import date, datetime, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Text
from upheld.registers.physical.kinds import BadgeKind, Operator, Permitted, ZoneKind
from upheld.registers.physical.models import Badge, Permit, RulesAcknowledgement, Zone, ZoneAuthorisation
from upheld.registers.physical.sites import KEEPERS, stands
from upheld.registers.rules import LEADS, STAFF, in_order, not_ahead
from upheld.registers.staff import PersonId, known
from upheld.registers.words import Prose

When = Annotated[datetime | None, "when; now if not given"]


def _entered_by_us(zone: Zone) -> str:
    return stands(zone) or (
        f"{zone.site} is run by a provider, whose zones our own people do not enter." if zone.site.operated_by == Operator.PROVIDER else ""
    )


@action(by=KEEPERS, makes=ZoneAuthorisation, when=_entered_by_us)
def authorise_entry(
    zone: Zone,
    *,
    by: Person,
    person: PersonId,
    from_on: date,
    until_on: Annotated[date | None, "the last day; the last day of their contract where that is known"] = None,
    why: Prose | None = None,
) -> ZoneAuthorisation:
    """Let somebody else into `zone` from a day on. They must have acknowledged its working rules first."""
    _must_keep(zone, by)
    in_order(from_on, until_on)
    if person == by.ref:
        raise ill(person="Nobody lets themselves in; somebody else has to authorise you.")
    if zone.rules_digest and not zone.rules_acknowledgements.filter(person=person, digest=zone.rules_digest).exists():
        raise ill(person=f"{person} has not acknowledged the working rules of this zone yet.")
    somebody = known().get(person)
    ends = somebody.ended_on if somebody else None
    if ends is not None and (until_on is None or until_on > ends):
        until_on = ends
    return keep(ZoneAuthorisation(zone=zone, person=person, from_on=from_on, until_on=until_on, why=why or "", authorised_by=by.ref))


def _must_keep(zone: Zone, by: Person) -> None:
    if by.ref != zone.owner and not by.roles & set(LEADS):
        raise NotAllowed("Whoever answers for the zone lets others in, or who leads.")


def _stands(authorisation: ZoneAuthorisation) -> str:
    return "It is withdrawn already." if authorisation.withdrawn_at else ""


@action(by=KEEPERS, when=_stands)
def withdraw_authorisation(zone_authorisation: ZoneAuthorisation, *, by: Person) -> ZoneAuthorisation:
    """Let somebody in no more, from now on: in the badge system too."""
    _must_keep(zone_authorisation.zone, by)
    today = clock.now().date()
    ends = zone_authorisation.until_on
    zone_authorisation.until_on = max(min(ends or today, today), zone_authorisation.from_on)
    zone_authorisation.withdrawn_at = clock.now()
    return keep(zone_authorisation)


@action(by=STAFF, makes=RulesAcknowledgement, when=lambda zone: stands(zone) or ("" if zone.rules_digest else "It has no working rules."))
def acknowledge_zone_rules(
    zone: Zone, *, by: Person, digest: Annotated[str, Text(64), "the digest of the rules that you read, as the page shows it"]
) -> RulesAcknowledgement:
    """Say that you read the working rules of `zone` and will keep to them."""
    if digest != zone.rules_digest:
        raise ill(digest="This is not the digest of the rules as they are now; read them again.")
    if zone.rules_acknowledgements.filter(person=by.ref, digest=digest).exists():
        raise Refused("You acknowledged them already.")
    return keep(RulesAcknowledgement(zone=zone, person=by.ref, at=clock.now(), digest=digest))


@action(
    by=STAFF, makes=Permit, when=lambda zone: stands(zone) or ("" if zone.kind == ZoneKind.SECURE else "Only secure zones take a permit.")
)
def ask_permit(zone: Zone, *, by: Person, what: Permitted, why: Prose, from_at: datetime, until_at: datetime) -> Permit:
    """Ask for leave to work alone, or to record, in `zone`, for at most a day."""
    if not from_at < until_at <= from_at + timedelta(days=1):
        raise ill(until_at="It ends after it begins, within a day.")
    return keep(Permit(zone=zone, person=by.ref, what=what, why=why, from_at=from_at, until_at=until_at))


@action(
    by=KEEPERS,
    apart_from=["ask-permit"],
    why_apart="nobody grants their own permit",
    when=lambda permit: "" if permit.granted is None else "It is decided already.",
)
def decide_permit(permit: Permit, *, by: Person, granted: bool) -> Permit:
    """Grant `permit`, or refuse it."""
    _must_keep(permit.zone, by)
    permit.granted, permit.decided_by = granted, by.ref
    return keep(permit)


@action(by=KEEPERS, makes=Badge)
def hand_out_badge(
    *,
    by: Person,
    badge: Annotated[str, Text(60), "the number written on it, as the badge system has it"],
    kind: BadgeKind,
    person: PersonId,
    at: When = None,
) -> Badge:
    """Hand out a badge, key or code. One that is out already must come back first."""
    when, before = not_ahead(at), Badge.objects.filter(number=badge)
    if before.filter(returned_at=None).exists():
        raise ill(badge=f"{badge} is out already; take it back first.")
    if before.filter(returned_at__gt=when).exists():
        raise ill(at=f"Somebody else had {badge} then.")
    return keep(Badge(number=badge, kind=kind, person=person, given_at=when))


@action(by=KEEPERS, when=lambda badge: "It is back already." if badge.returned_at else "")
def take_back_badge(
    badge: Badge, *, by: Person, lost: Annotated[bool, "whether it was lost, and is blocked"] = False, at: When = None
) -> Badge:
    """Say that `badge` came back, or was lost and is blocked."""
    when = not_ahead(at)
    if when < badge.given_at:
        raise ill(at="This lies before it was handed out.")
    badge.returned_at, badge.lost = when, lost
    return keep(badge)
