"""Actions on reviews that are no audits, managers' and technical ones, and on windows to look into live systems."""

from datetime import date, datetime, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, SamePerson, ill
from upheld.actions.files import Kept
from upheld.registers.answering import owners_of_systems
from upheld.registers.compliance.audit_models import Chapter
from upheld.registers.compliance.models import AreaReview, AuditActivity, AuditWindow, ManagedArea, TechnicalReview
from upheld.registers.rules import LEADS, STAFF, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

LONGEST_WINDOW = timedelta(days=31)


def _goes_on(area: ManagedArea) -> str:
    return "This area is managed no longer." if area.ended_on else ""


@action(by=LEADS, makes=ManagedArea)
def name_area(
    *,
    by: Person,
    name: Name,
    title: Line,
    manager: PersonId,
    chapters: Annotated[list[Chapter], "the chapters of promises that the manager looks at"],
    from_on: date | None = None,
) -> ManagedArea:
    """Name an area whose manager reviews regularly whether it keeps to policies and standards."""
    if ManagedArea.objects.filter(name=name).exists():
        raise ill(name=f"There is an area called {name} already.")
    made = ManagedArea(name=name, title=title, manager=manager, from_on=from_on or clock.now().date())
    made.chapters = [str(each) for each in chapters]
    return keep(made)


@action(by=LEADS, when=_goes_on)
def change_area(area: ManagedArea, *, by: Person, title: Line, manager: PersonId, chapters: list[Chapter]) -> ManagedArea:
    """Say anew who manages `area`, and which chapters belong to it."""
    area.title, area.manager, area.chapters = title, manager, [str(each) for each in chapters]
    return keep(area)


@action(by=LEADS, when=_goes_on)
def end_area(area: ManagedArea, *, by: Person) -> ManagedArea:
    """Manage `area` no longer."""
    area.ended_on = clock.now().date()
    return keep(area)


@action(by=STAFF, makes=AreaReview, when=_goes_on)
def sign_review(
    area: ManagedArea,
    *,
    by: Person,
    complies: Annotated[bool, "whether the area keeps to policies and standards"],
    conclusion: Annotated[Prose, "what you conclude, and what you will have done"],
    figures: Annotated[Prose | None, "what you saw: the state of its promises, exceptions, overdue work"] = None,
) -> AreaReview:
    """Sign that you reviewed your `area`, and what you found. Only its manager can."""
    if by.ref != area.manager:
        raise NotAllowed("Only the manager of the area signs its review.")
    review = AreaReview(area=area, manager=by.ref, signed_at=clock.now(), complies=complies, conclusion=conclusion)
    review.figures = figures or ""
    return keep(review)


@action(by=STAFF, makes=TechnicalReview)
def review_system(
    *,
    by: Person,
    system: Annotated[Name, "the system, as the list of systems calls it"],
    what: Annotated[Prose, "against which standard, how, and what you found"],
    at: Annotated[datetime | None, "when; now if not given"] = None,
    file: Annotated[Kept | None, "the report"] = None,
) -> TechnicalReview:
    """Say that you looked by hand whether a system is as our standards want it."""
    known = owners_of_systems()
    if known and system not in known:
        raise ill(system=f"There is no system {system} in the list of systems.")
    return keep(TechnicalReview(system=system, person=by.ref, at=not_ahead(at), what=what, file=file.sha256 if file else ""))


@action(by=STAFF, makes=AuditWindow)
def ask_window(
    *,
    by: Person,
    system: Annotated[Name, "the live system, as the list of systems calls it"],
    what: Annotated[Prose, "what will be done, with which tools and accounts"],
    from_at: datetime,
    until_at: datetime,
    read_only: Annotated[bool, "whether nothing is changed by it"] = True,
) -> AuditWindow:
    """Ask for a time in which a live system may be looked into for an audit; somebody else agrees."""
    if until_at <= from_at:
        raise ill(until_at="It ends before it begins.")
    if until_at - from_at > LONGEST_WINDOW:
        raise ill(until_at=f"A window lasts at most {LONGEST_WINDOW.days} days.")
    return keep(AuditWindow(system=system, what=what, from_at=from_at, until_at=until_at, read_only=read_only, asked_by=by.ref))


@action(
    by=(*LEADS, Role.OWNER, Role.MANAGER),
    apart_from=["ask-window"],
    why_apart="whoever wants to look does not agree to it",
    when=lambda window: "It is agreed already." if window.agreed_at else "",
)
def agree_window(window: AuditWindow, *, by: Person) -> AuditWindow:
    """Agree to `window`. Refused to who asked for it, and once it has begun."""
    if by.ref == window.asked_by:
        raise SamePerson("You asked for it yourself; somebody else has to agree.")
    if window.from_at <= clock.now():
        raise ill(from_at="It has begun already; a window is agreed before.")
    window.agreed_by, window.agreed_at = by.ref, clock.now()
    return keep(window)


@action(by=STAFF, makes=AuditActivity)
def record_activity(
    *,
    by: Person,
    system: Name,
    what: Prose,
    from_at: datetime,
    until_at: datetime,
    read_only: Annotated[bool, "whether nothing was changed"],
) -> AuditActivity:
    """Record what you did to a live system for an audit, and when. Outside an agreed window it shows as a break."""
    if until_at < from_at:
        raise ill(until_at="It ended before it began.")
    activity = AuditActivity(system=system, what=what, person=by.ref, until_at=not_ahead(until_at, "until_at"), read_only=read_only)
    activity.from_at = from_at
    return keep(activity)
