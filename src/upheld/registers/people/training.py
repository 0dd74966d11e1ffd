"""Actions on training: courses declared and held, and who completed them."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.checks.span import Span
from upheld.registers.people.models import Completion, Course, CourseSession, Provider
from upheld.registers.rules import LEADS, STAFF
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name

TRAINERS = (*LEADS, Role.OWNER, Role.MANAGER)
MOST_AT_ONCE = 150
A_YEAR, A_MONTH = Span(12, "month"), Span(30, "day")

Subjects = Annotated[list[Name], "what it covers, as in data-protection or incident-reporting"]
Roles = Annotated[list[Annotated[str, Text(120)]], "for which business roles; their particular duties are then covered"]
Departments = Annotated[list[Annotated[str, Text(120)]], "for which departments; for everybody if neither is given"]


def _taught(course: Course) -> str:
    return "This course is retired." if course.retired_at else ""


@action(by=TRAINERS, makes=Course)
def declare_course(
    *,
    by: Person,
    name: Name,
    title: Line,
    provider: Annotated[Provider, "inside: our own people; outside: somebody else"],
    subjects: Subjects,
    mandatory: bool,
    provider_name: Annotated[Line | None, "who gives it, where that is somebody outside"] = None,
    roles: Roles = [],  # noqa: B006  never changed
    departments: Departments = [],  # noqa: B006  never changed
    every: Annotated[Span, "how often it is taken again"] = A_YEAR,
    within: Annotated[Span, "how long newcomers have for the first time"] = A_MONTH,
) -> Course:
    """Declare a course: what it covers, whom it is for, and how often it is taken again."""
    if Course.objects.filter(name=name).exists():
        raise ill(name=f"There is a course called {name} already.")
    course = Course(name=name, mandatory=mandatory, declared_at=clock.now())
    return keep(_said(course, title, provider, provider_name, subjects, roles, departments, every, within))


@action(by=TRAINERS, when=_taught)
def change_course(
    course: Course,
    *,
    by: Person,
    title: Line,
    provider: Provider,
    subjects: Subjects,
    mandatory: bool,
    every: Span,
    within: Span,
    provider_name: Line | None = None,
    roles: Roles = [],  # noqa: B006  never changed
    departments: Departments = [],  # noqa: B006  never changed
) -> Course:
    """Change what `course` covers, whom it is for, or how often it is taken again."""
    course.mandatory = mandatory
    return keep(_said(course, title, provider, provider_name, subjects, roles, departments, every, within))


def _said(
    course: Course,
    title: str,
    provider: Provider,
    provider_name: str | None,
    subjects: list[str],
    roles: list[str],
    departments: list[str],
    every: Span,
    within: Span,
) -> Course:
    if provider == Provider.OUTSIDE and not provider_name:
        raise ill(provider_name="Say who gives it.")
    course.title, course.provider, course.provider_name = title, provider, provider_name or ""
    course.subjects, course.roles, course.departments = list(subjects), list(roles), list(departments)
    course.every, course.within = str(every), str(within)
    return course


@action(by=TRAINERS, when=_taught)
def retire_course(course: Course, *, by: Person) -> Course:
    """Say that `course` is taught no longer; what was completed stays."""
    course.retired_at = clock.now()
    return keep(course)


@action(by=TRAINERS, makes=CourseSession, when=_taught)
def hold_course(
    course: Course,
    *,
    by: Person,
    held_on: date,
    trainer: Annotated[Line, "who gave it"],
    attended: Annotated[list[PersonId], "who was there to the end"],
    register: Annotated[Kept | None, "the list that they signed"] = None,
) -> CourseSession:
    """Record that `course` was held, and who completed it there."""
    day = _past(held_on, "held_on")
    if not attended:
        raise ill(attended="Say who was there.")
    if len(attended) > MOST_AT_ONCE:
        raise ill(attended=f"At most {MOST_AT_ONCE} people at once; record the others as a second session.")
    if by.ref in attended and register is None:
        raise ill(register="You were there yourself: hand in the list that people signed.")
    session = keep(CourseSession(course=course, held_on=day, trainer=trainer, register_file=register.sha256 if register else ""))
    already = set(course.completions.filter(completed_on=day).values_list("person", flat=True))
    for person in attended:
        if person not in already:
            _complete(course, person, day, by, session=session)
    return session


@action(by=TRAINERS, makes=Completion, when=_taught)
def record_completion(course: Course, *, by: Person, person: PersonId, completed_on: date, certificate: Kept | None = None) -> Completion:
    """Record that somebody completed `course`. Your own takes a certificate."""
    if person == by.ref and certificate is None:
        raise ill(certificate="Nobody confirms their own training: hand in the certificate.")
    return _once(course, person, completed_on, by, certificate)


@action(by=STAFF, makes=Completion, when=_taught)
def hand_in_certificate(course: Course, *, by: Person, completed_on: date, certificate: Kept) -> Completion:
    """Hand in the certificate by which you completed `course`."""
    return _once(course, by.ref, completed_on, by, certificate)


def _once(course: Course, person: str, completed_on: date, by: Person, certificate: Kept | None) -> Completion:
    day = _past(completed_on, "completed_on")
    if course.completions.filter(person=person, completed_on=day).exists():
        raise Refused("This is recorded already.")
    return _complete(course, person, day, by, certificate=certificate.sha256 if certificate else "")


def _complete(
    course: Course, person: str, day: date, by: Person, *, session: CourseSession | None = None, certificate: str = ""
) -> Completion:
    return keep(
        Completion(
            course=course,
            person=person,
            completed_on=day,
            session=session,
            certificate=certificate,
            recorded_at=clock.now(),
            recorded_by=by.ref,
        )
    )


def _past(day: date, field: str) -> date:
    if day > clock.now().date():
        raise ill(**{field: "This lies in the future; say when it was."})
    return day
