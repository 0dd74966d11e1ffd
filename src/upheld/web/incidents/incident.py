"""One incident: clocks at the top, a timeline that grows downwards, the playbook's steps at the side; big type for a bad day."""

from dataclasses import dataclass
from typing import cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import Person, SignedInRequest
from upheld.accounts.role import Verb
from upheld.accounts.scope import scope
from upheld.actions import allowing
from upheld.actions.declaring import declared
from upheld.registers.incidents.models import FollowUp, Incident, IncidentNote, IncidentNotice, IncidentStep, Lesson, SecurityEvent
from upheld.registers.staff import names
from upheld.web.incidents.clocks import Clock, clocks
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.registers.records import Doable, doable

# What the page asks for in forms of its own, or beside what it is about.
ELSEWHERE = frozenset({"incidents.note-on-incident"})
# Buttons in the order in which one needs them; the first that can be pressed stands out.
ORDER = (
    "acknowledge-incident",
    "contain-incident",
    "declare-breach",
    "rule-out-breach",
    "record-notice",
    "resolve-incident",
    "close-incident",
    "review-incident",
    "waive-notice",
    "change-severity",
    "hand-over-incident",
)


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline: what it tells, its words, and who says it."""

    note: IncidentNote
    who: str


@dataclass(frozen=True)
class StepLine:
    """One step of the playbook, who does it, and whether whoever looks may say that it is done."""

    step: IncidentStep
    who: str
    can: bool


@dataclass(frozen=True)
class IncidentPage:
    """An incident as whoever looks may see it. `next_steps` are what they may do now, `others` what not, and why."""

    incident: Incident
    lead: str
    second: str
    clocks: tuple[Clock, ...]
    timeline: tuple[Entry, ...]
    steps: tuple[StepLine, ...]
    steps_left: int
    notices: tuple[IncidentNotice, ...]
    events: tuple[SecurityEvent, ...]
    lessons: tuple[Lesson, ...]
    follow_ups: tuple[tuple[FollowUp, str], ...]
    next_steps: tuple[Doable, ...]
    others: tuple[Doable, ...]
    may_note: bool
    key: str


@require_safe
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """Show an incident."""
    person = cast(SignedInRequest, request).person
    found = cast(Incident, finding.as_it_is(person, Incident, number))
    return answer(request, "incidents/incident", page_of(found, person), place="registers")


def page_of(found: Incident, person: Person) -> IncidentPage:
    """Return what `person` is shown of the incident `found`."""
    notes, steps = list(found.notes.order_by("at", "id")), list(found.steps.order_by("position"))
    notices, lessons = list(found.notices.all()), list(found.lessons.order_by("at"))
    follow_ups = list(FollowUp.objects.filter(lesson__incident=found))
    does = list(doable(person, found))
    people = {found.lead, found.second} | {each.person for each in notes} | {each.person for each in steps}
    called = names(filter(None, people | {each.owner for each in follow_ups}))
    reached = allowing.in_scope(person, found)
    can = reached and not found.closed_at and allowing.why_not_at_all(declared()["incidents.do-step"], person) is None
    return IncidentPage(
        incident=found,
        lead=called.get(found.lead, found.lead),
        second=called.get(found.second, found.second),
        clocks=tuple(clocks(found, notices, lessons[0].at if lessons else None, clock.now())),
        timeline=tuple(Entry(each, called.get(each.person, each.person)) for each in notes),
        steps=tuple(StepLine(each, called.get(each.person, ""), can and each.is_open) for each in steps),
        steps_left=sum(each.mandatory and each.is_open for each in steps),
        notices=tuple(notices),
        events=tuple(scope(person, Verb.SEE, SecurityEvent.objects.filter(incident=found), SecurityEvent.ties)),
        lessons=tuple(lessons),
        follow_ups=tuple((each, called.get(each.owner, each.owner)) for each in follow_ups),
        next_steps=tuple(_next_steps(found, does)),
        others=tuple(each for each in does if each.why_not),
        may_note=any(not each.why_not and each.action.name in ELSEWHERE for each in does),
        key=str(uuid4()),
    )


def _next_steps(found: Incident, does: list[Doable]) -> list[Doable]:
    """Return what can be done now, in order; what was answered already comes last."""
    answered = {"declare-breach", "rule-out-breach"} if found.personal_data is not None else set()
    answered |= set() if found.personal_data else {"record-notice"}
    answered |= set() if found.contained_at else {"resolve-incident"}
    order = {f"incidents.{name}": (name in answered, at) for at, name in enumerate(ORDER)}
    can = [each for each in does if not each.why_not and each.action.name not in ELSEWHERE]
    return sorted(can, key=lambda each: order.get(each.action.name, (True, len(ORDER))))
