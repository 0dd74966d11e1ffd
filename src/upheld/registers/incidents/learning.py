"""Actions by which an incident teaches something: the review after it, and what follows from that."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.incidents.deciding import tell
from upheld.registers.incidents.incident_models import FollowUp, Incident, Lesson, Said
from upheld.registers.rules import STAFF
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose


def _over(incident: Incident) -> str:
    return "" if incident.resolved_at else "Resolve it first."


def _to_do(follow_up: FollowUp) -> str:
    return "It is done already." if follow_up.done_at else ""


@action(by=STAFF, makes=Lesson, when=_over)
def review_incident(
    incident: Incident,
    *,
    by: Person,
    cause: Annotated[Prose, "why it could happen; not who"],
    lesson: Annotated[Prose, "what is done otherwise from now on"],
    strengthens: Annotated[str | None, Text(120), "the measure or promise that it strengthens, as in access/mfa_required"] = None,
) -> Lesson:
    """Write down what `incident` taught, while everybody still remembers."""
    tell(incident, by, Said.LEARNED, lesson)
    return keep(Lesson(incident=incident, person=by.ref, at=clock.now(), cause=cause, lesson=lesson, strengthens=strengthens or ""))


@action(by=STAFF, makes=FollowUp)
def plan_follow_up(lesson: Lesson, *, by: Person, what: Line, owner: PersonId, due_on: date) -> FollowUp:
    """Let something follow from `lesson`: what is done, by whom, until when."""
    if due_on < clock.now().date():
        raise ill(due_on="This day is past.")
    return keep(FollowUp(lesson=lesson, what=what, owner=owner, due_on=due_on))


@action(by=STAFF, when=_to_do)
def finish_follow_up(follow_up: FollowUp, *, by: Person, note: Annotated[Prose, "what was done, and where one sees it"]) -> FollowUp:
    """Say that `follow_up` is done."""
    follow_up.done_at, follow_up.done_by, follow_up.note = clock.now(), by.ref, note
    return keep(follow_up)
