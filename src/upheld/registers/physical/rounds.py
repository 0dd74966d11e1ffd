"""Actions of those who look: at perimeters, desks and protections, and what the guards report; and closing what they found."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.checks.span import Span
from upheld.registers.physical.kinds import Hazard, Looked
from upheld.registers.physical.models import Inspection, Perimeter, Protection, SecurityService, Site, Zone
from upheld.registers.physical.sites import KEEPERS, stands
from upheld.registers.rules import STAFF, in_order, not_ahead
from upheld.registers.words import Line, Prose

When = Annotated[datetime | None, "when; now if not given"]
Found = Annotated[Prose | None, "what was wrong, where something was"]
Shown = Annotated[Kept | None, "a photo or a report"]


def _protects(protection: Protection) -> str:
    return "This protection is no longer there." if protection.ended_at else ""


def _with_desks(zone: Zone) -> str:
    return stands(zone) or ("" if zone.desks else "Nobody works at a desk there.")


@action(by=KEEPERS, makes=Inspection, when=stands)
def inspect_perimeter(
    perimeter: Perimeter, *, by: Person, passed: bool, found: Found = None, evidence: Shown = None, at: When = None
) -> Inspection:
    """Say that you walked along `perimeter`, and whether it keeps others out."""
    return _looked(Inspection(perimeter=perimeter, kind=Looked.PERIMETER), by, passed, found, evidence, at)


@action(by=STAFF, makes=Inspection, when=_with_desks)
def inspect_desks(zone: Zone, *, by: Person, passed: bool, found: Found = None, evidence: Shown = None, at: When = None) -> Inspection:
    """Say that you walked round `zone` after work, and whether desks and screens were clear. Name nobody: say which desk."""
    return _looked(Inspection(zone=zone, kind=Looked.DESKS), by, passed, found, evidence, at)


@action(by=STAFF, makes=Inspection, when=_protects)
def test_protection(
    protection: Protection,
    *,
    by: Person,
    passed: Annotated[bool, "whether it worked"],
    found: Found = None,
    evidence: Shown = None,
    at: When = None,
) -> Inspection:
    """Say that you tried `protection`, and whether it worked."""
    return _looked(Inspection(protection=protection, kind=Looked.PROTECTION), by, passed, found, evidence, at)


@action(by=STAFF, makes=Inspection, when=stands)
def hand_in_guard_report(
    site: Site,
    *,
    by: Person,
    passed: Annotated[bool, "whether it tells of nothing unusual"],
    found: Found = None,
    evidence: Shown = None,
    at: When = None,
) -> Inspection:
    """Hand in what those who guard `site` report."""
    return _looked(Inspection(site=site, kind=Looked.GUARDS), by, passed, found, evidence, at)


def _looked(made: Inspection, by: Person, passed: bool, found: str | None, evidence: Kept | None, at: datetime | None) -> Inspection:
    if not passed and not found:
        raise ill(found="Say what was wrong, so that somebody can mend it.")
    if passed and found:
        raise ill(passed="Say no where something was wrong.")
    made.person, made.at, made.passed, made.found = by.ref, not_ahead(at), passed, found or ""
    made.evidence = evidence.sha256 if evidence else ""
    return keep(made)


def _open(inspection: Inspection) -> str:
    if inspection.passed:
        return "Nothing was found."
    return "What was found is closed already." if inspection.closed_at else ""


@action(by=STAFF, when=_open)
def close_what_was_found(inspection: Inspection, *, by: Person, at: When = None) -> Inspection:
    """Say that what `inspection` found is mended."""
    when = not_ahead(at)
    if when < inspection.at:
        raise ill(at="This lies before the inspection.")
    inspection.closed_at, inspection.closed_by = when, by.ref
    return keep(inspection)


@action(by=KEEPERS, makes=Protection, when=stands)
def add_protection(
    site: Site,
    *,
    by: Person,
    hazard: Hazard,
    title: Annotated[Line, "what it is: an extinguisher, a battery, a pump"],
    test_every: Annotated[Span, "how often it is tried at least, as in 12 months"] = Span(12, "month"),  # noqa: B008  a value
) -> Protection:
    """Add what protects `site` against a hazard."""
    return keep(Protection(site=site, hazard=hazard, title=title, test_every=str(test_every)))


@action(by=KEEPERS, when=_protects)
def remove_protection(protection: Protection, *, by: Person) -> Protection:
    """Say that `protection` is no longer there."""
    protection.ended_at = clock.now()
    return keep(protection)


@action(by=KEEPERS, makes=SecurityService, when=stands)
def engage_security_service(
    site: Site,
    *,
    by: Person,
    title: Annotated[Line, "who guards it"],
    from_on: date,
    until_on: date | None = None,
    contract: Annotated[Kept | None, "the contract"] = None,
) -> SecurityService:
    """Record a contract with somebody who guards `site`."""
    in_order(from_on, until_on)
    return keep(SecurityService(site=site, title=title, from_on=from_on, until_on=until_on, contract=contract.sha256 if contract else ""))


@action(by=KEEPERS)
def end_security_service(security_service: SecurityService, *, by: Person, until_on: date) -> SecurityService:
    """Say that this contract ends after a day."""
    in_order(security_service.from_on, until_on)
    security_service.until_on = until_on
    return keep(security_service)
