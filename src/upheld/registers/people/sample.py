"""What the sample company keeps of its people: who may reach personal data, and who learned what."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.together import together
from upheld.checks.span import Span
from upheld.registers.people import authorising, training
from upheld.registers.people.models import Course, Provider
from upheld.registers.sampling import LEAD, PEOPLE, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "An account manager was let into the customer database, and nobody ever said so in writing.",
        breaks=[("people/data_access_authorised", "sample/crm-1028")],
    ),
    PlantedFault(
        "A support agent last learned about data protection, and how to report, thirteen months ago.",
        breaks=[("people/training_current", "1022/data-protection"), ("people/reporting_duty_trained", "1022")],
    ),
)
FORGOTTEN = ("1028", "crm")
MISSED = "1022"
EVERYBODY = "data-protection"
# Name, title, what it covers, who gives it, and for which roles; for everybody where there are none.
COURSES: tuple[tuple[str, str, list[str], str | None, list[str]], ...] = (
    (EVERYBODY, "Data protection, and what to report", ["data-protection", "incident-reporting"], None, []),
    (
        "develop-securely", "Developing securely", ["secure-development"], "Secure Code Academy",
        ["Software engineer", "Release engineer", "Product manager", "Head of technology"],
    ),
    ("administer-securely", "Administering securely", ["hardening"], "Secure Code Academy", ["System administrator", "Security officer"]),
    ("customers-data", "Data of customers", ["customers"], None, ["Account manager", "Support agent", "Editor"]),
    (
        "staff-and-money", "Data of colleagues, and payments", ["staff", "fraud"], None,
        ["Accountant", "Buyer", "People partner", "Head of finance", "Head of people", "Managing director"],
    ),
)  # fmt: skip
SESSIONS = (400, 200, 15)


def keep(company: Company) -> None:
    """Keep what the chapter has: authorisations before the accounts that they are for, and courses held again and again."""
    with together():
        for person, system, at in _reach(company):
            with clock.at(at):
                authorising.authorise(
                    by=_authoriser(company, person), person=person, system=system, categories=["customers"], purpose="To do their work"
                )
    for name, *_ in COURSES:
        _course(company, name)


def _reach(company: Company) -> Iterator[tuple[str, str, datetime]]:
    """Yield who has an account on which system with personal data, and when that was authorised: the day before it was made."""
    personal = {row["id"] for row in company.rows("systems") if row["holds_personal_data"]}
    first: dict[tuple[str, str], datetime] = {}
    for row in company.rows("accounts"):
        person, system, made_at = row["person_ref"], row["system_id"], row["created_at"]
        if person is not None and system in personal and row["kind"] not in ("service", "system"):
            assert isinstance(made_at, datetime), "the sample knows when each account was made"
            key = (str(person), str(system))
            first[key] = min(made_at, first.get(key, made_at))
    for (person, system), made_at in sorted(first.items(), key=lambda each: each[1]):
        if (person, system) != FORGOTTEN:
            yield person, system, made_at - timedelta(days=1)


def _authoriser(company: Company, person: str) -> Person:
    return company.officer() if person == LEAD else company.lead()


def _course(company: Company, name: str) -> None:
    _, title, subjects, outside, roles = next(each for each in COURSES if each[0] == name)
    teacher = company.person(PEOPLE, Role.MANAGER)
    with company.at(430):
        course = training.declare_course(
            by=company.lead(),
            name=name,
            title=title,
            provider=Provider.OUTSIDE if outside else Provider.INSIDE,
            provider_name=outside,
            subjects=subjects,
            mandatory=True,
            roles=roles,
            every=Span(12, "month"),
        )
    for days in SESSIONS:
        attended = [each for each in company.here() if _attends(company, course, each, days)]
        if attended:
            with company.at(days):
                training.hold_course(
                    course,
                    by=company.lead(),
                    held_on=company.day(days),
                    trainer=outside or company.staff[teacher.ref].name,
                    attended=attended,
                    register=company.letter(f"Who attended {title} on {company.day(days)}"),
                )


def _attends(company: Company, course: Course, person: str, days: int) -> bool:
    """Whether somebody comes to the session so many days ago: the first year's few, last year's all, and who came later."""
    known = company.staff[person]
    if course.roles and known.role not in course.roles:
        return False
    began = (company.now.date() - known.started_on).days if known.started_on else 0
    if days == SESSIONS[0]:
        return person == MISSED
    if days == SESSIONS[1]:
        return began > days and (person, course.name) != (MISSED, EVERYBODY)
    return days < began <= SESSIONS[1]
