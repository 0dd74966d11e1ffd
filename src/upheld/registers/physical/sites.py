"""Actions on places: sites, perimeters, zones with their working rules and doors, and the controls that zones must have."""

from datetime import date
from hashlib import sha256
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.physical.kinds import Control, Hazard, Operator, ZoneClass, ZoneKind
from upheld.registers.physical.models import ControlRule, Door, Perimeter, Site, Zone, ZoneControl
from upheld.registers.rules import LEADS, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Markdown, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Clock = Annotated[str, Text(5), "as in 19:00"]


def stands(record: Site | Perimeter | Zone | Door | ZoneControl) -> str:
    """Return why `record` cannot be worked on: it is no longer kept."""
    return f"This {record._meta.verbose_name} is no longer kept." if record.ended_at else ""


@action(by=LEADS, makes=Site)
def add_site(
    *,
    by: Person,
    name: Annotated[Name, "a short name, as badge systems and cameras will call it"],
    title: Line,
    operated_by: Annotated[Operator, "whose staff runs it: a provider's data centre is not entered by our own people"],
    owner: Annotated[PersonId, "who answers for it"],
    time_zone: Annotated[str, Text(60), "as in Europe/Berlin"],
    closes: Annotated[Clock, "when visitors have to be out, as in 19:00"],
    hazards: Annotated[list[Hazard], "what could happen there"] = [],  # noqa: B006  never changed
    house_rules: Annotated[Prose | None, "what visitors sign"] = None,
    from_on: Annotated[date | None, "the first day; today if not given"] = None,
) -> Site:
    """Add a place where the company, or a provider of it, works."""
    not_taken(Site, name)
    _check_times(time_zone, closes)
    made = fill(Site(), name=name, operated_by=operated_by, from_on=from_on or clock.now().date())
    return keep(_said(made, title, owner, time_zone, closes, hazards, house_rules))


@action(by=KEEPERS, when=stands)
def change_site(
    site: Site,
    *,
    by: Person,
    title: Line,
    owner: PersonId,
    time_zone: Annotated[str, Text(60)],
    closes: Clock,
    hazards: Annotated[list[Hazard], "what could happen there; each then needs a protection"] = [],  # noqa: B006  never changed
    house_rules: Prose | None = None,
) -> Site:
    """Change what is said of `site`, and note what could happen there."""
    _check_times(time_zone, closes)
    return keep(_said(site, title, owner, time_zone, closes, hazards, house_rules))


def _said(site: Site, title: str, owner: str, time_zone: str, closes: str, hazards: list[Hazard], house_rules: str | None) -> Site:
    site.hazards = [str(each) for each in hazards]
    return fill(site, title=title, owner=owner, time_zone=time_zone, closes=closes, house_rules=house_rules)


def _check_times(time_zone: str, closes: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ill(time_zone="There is no such time zone; write it as in Europe/Berlin.") from error
    hour, _, minute = closes.partition(":")
    if not (len(closes) == 5 and hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise ill(closes="Write the time as in 19:00.")


@action(by=LEADS, when=stands)
def close_site(site: Site, *, by: Person) -> Site:
    """Say that `site` is given up. Refused while it has zones that are kept."""
    if site.zones.filter(ended_at=None).exists():
        raise Refused("It has zones still; end them first.")
    site.ended_at = clock.now()
    return keep(site)


@action(by=KEEPERS, makes=Perimeter, when=stands)
def add_perimeter(site: Site, *, by: Person, title: Annotated[Line, "what surrounds it: a wall, a fence, a locked floor"]) -> Perimeter:
    """Add a perimeter to `site`."""
    return keep(Perimeter(site=site, title=title))


@action(by=KEEPERS, when=stands)
def end_perimeter(perimeter: Perimeter, *, by: Person) -> Perimeter:
    """Say that `perimeter` is no longer there. Refused while zones lie inside it."""
    if perimeter.zones.filter(ended_at=None).exists():
        raise Refused("Zones lie inside it still; put them inside another first.")
    perimeter.ended_at = clock.now()
    return keep(perimeter)


@action(by=KEEPERS, makes=Zone, when=stands)
def add_zone(
    site: Site,
    *,
    by: Person,
    name: Annotated[Name, "a short name, as the badge system calls it"],
    title: Line,
    kind: ZoneKind,
    classification: ZoneClass,
    owner: Annotated[PersonId, "who answers for it, and lets others in"],
    processes_data: Annotated[bool, "whether data are processed there"],
    personal_data: Annotated[bool, "whether personal data lie there"],
    equipment: Annotated[bool, "whether equipment that processes data stands there"],
    desks: Annotated[bool, "whether people work at desks there, which a clear-desk round looks at"],
    perimeter: Annotated[Perimeter | None, "the perimeter around it"] = None,
) -> Zone:
    """Add an area to `site`: a floor, an office, a room, a loading bay."""
    not_taken(Zone, name)
    made = fill(Zone(site=site), name=name, title=title, kind=kind, classification=classification, owner=owner)
    return keep(_held(made, processes_data, personal_data, equipment, desks, perimeter))


@action(by=KEEPERS, when=stands)
def change_zone(
    zone: Zone,
    *,
    by: Person,
    title: Line,
    kind: ZoneKind,
    classification: ZoneClass,
    owner: PersonId,
    processes_data: bool,
    personal_data: bool,
    equipment: bool,
    desks: bool,
    perimeter: Perimeter | None = None,
) -> Zone:
    """Change what is said of `zone`. One that is classified higher needs the controls of its new class."""
    fill(zone, title=title, kind=kind, classification=classification, owner=owner)
    return keep(_held(zone, processes_data, personal_data, equipment, desks, perimeter))


def _held(zone: Zone, processes_data: bool, personal_data: bool, equipment: bool, desks: bool, perimeter: Perimeter | None) -> Zone:
    if perimeter is not None and perimeter.site_id != zone.site_id:
        raise ill(perimeter="This perimeter surrounds another site.")
    zone.processes_data, zone.personal_data, zone.equipment, zone.desks = processes_data, personal_data, equipment, desks
    zone.perimeter = perimeter
    return zone


@action(by=LEADS, when=stands)
def end_zone(zone: Zone, *, by: Person) -> Zone:
    """Say that `zone` is no longer there, or no longer ours."""
    zone.ended_at = clock.now()
    return keep(zone)


@action(by=KEEPERS, when=stands)
def write_zone_rules(zone: Zone, *, by: Person, rules: Annotated[Markdown, "what everybody keeps to who works there"]) -> Zone:
    """Write the working rules of `zone` anew. Everybody authorised for it then has to acknowledge them again."""
    zone.rules, zone.rules_digest = rules, sha256(rules.encode()).hexdigest()
    return keep(zone)


@action(by=KEEPERS, makes=Door, when=stands)
def join_zones(
    zone: Zone,
    *,
    by: Person,
    other: Zone,
    control: Annotated[Line | None, "what keeps people from passing who may not, as in a badge reader"] = None,
) -> Door:
    """Say that a door leads straight from `zone` into another."""
    if other.pk == zone.pk:
        raise ill(other="A door leads somewhere else.")
    return keep(Door(zone=zone, other=other, control=control or ""))


@action(by=KEEPERS, when=stands)
def control_door(door: Door, *, by: Person, control: Line) -> Door:
    """Record what keeps people from passing `door` who may not."""
    door.control = control
    return keep(door)


@action(by=KEEPERS, when=stands)
def wall_up_door(door: Door, *, by: Person) -> Door:
    """Say that `door` is no longer there."""
    door.ended_at = clock.now()
    return keep(door)


@action(by=LEADS, makes=ControlRule)
def require_controls(*, by: Person, classification: ZoneClass, controls: list[Control]) -> ControlRule:
    """Say which controls every zone of a class must have."""
    rule = ControlRule.objects.filter(classification=classification).first() or ControlRule(classification=classification)
    rule.controls = [str(each) for each in controls]
    return keep(rule)


@action(by=KEEPERS, makes=ZoneControl, when=stands)
def apply_control(
    zone: Zone,
    *,
    by: Person,
    control: Control,
    applied_on: date,
    evidence: Annotated[Kept | None, "a photo, or the invoice"] = None,
) -> ZoneControl:
    """Record that `zone` has a control since a day."""
    if applied_on > clock.now().date():
        raise ill(applied_on="This lies in the future; record it once it is there.")
    return keep(ZoneControl(zone=zone, control=control, applied_on=applied_on, evidence=evidence.sha256 if evidence else ""))


@action(by=KEEPERS, when=stands)
def remove_control(zone_control: ZoneControl, *, by: Person) -> ZoneControl:
    """Say that this control is no longer there."""
    zone_control.ended_at = clock.now()
    return keep(zone_control)
