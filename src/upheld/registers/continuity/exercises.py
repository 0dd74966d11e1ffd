"""Actions on exercises: plan one, say how it went, what follows from it, and that this was done."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.checks.span import Span
from upheld.registers.continuity.models import ContinuityPlan, Exercise, ExerciseFollowUp, ExerciseKind
from upheld.registers.rules import LEADS, STAFF, fill, in_order, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


def _open(exercise: Exercise) -> str:
    if exercise.held_at:
        return "It was held already."
    return "It was called off." if exercise.called_off_at else ""


@action(by=KEEPERS, makes=Exercise, when=lambda plan: "This plan is used no more." if plan.ended_at else "")
def plan_exercise(
    plan: ContinuityPlan,
    *,
    by: Person,
    kind: Annotated[ExerciseKind, "how real it is"],
    scenario: Annotated[Prose, "what is assumed to have happened"],
    planned_on: date,
    lead: Annotated[PersonId, "who leads it and says how it went"],
    participants: Annotated[list[PersonId], "who takes part"],
) -> Exercise:
    """Plan to try `plan`: what is assumed, when, and with whom."""
    if not participants:
        raise ill(participants="Say who takes part.")
    return keep(fill(Exercise(plan=plan), kind=kind, scenario=scenario, planned_on=planned_on, lead=lead, participants=participants))


@action(by=STAFF, when=_open)
def hold_exercise(
    exercise: Exercise,
    *,
    by: Person,
    participants: Annotated[list[PersonId], "who took part"],
    result: Annotated[Prose, "what happened"],
    lessons: Annotated[Prose, "what was learned; each thing to do is then a follow-up"],
    recovered_in: Annotated[Span | None, "how long it took until the process was back, if it was measured"] = None,
    lost: Annotated[Span | None, "how much work would have been lost, as a time, if it was measured"] = None,
    report: Annotated[Kept | None, "the report"] = None,
    at: Annotated[datetime | None, "when it began; now if not given"] = None,
) -> Exercise:
    """Say how `exercise` went, with the times that were measured. What was not measured shows as unknown, never as met."""
    if not participants:
        raise ill(participants="Say who took part.")
    said = {"participants": participants, "result": result, "lessons": lessons, "recovered_in": recovered_in, "lost": lost}
    return keep(fill(exercise, held_at=not_ahead(at), report=report, **said))


@action(by=KEEPERS, when=_open)
def call_off_exercise(exercise: Exercise, *, by: Person) -> Exercise:
    """Say that `exercise` is not held."""
    exercise.called_off_at = clock.now()
    return keep(exercise)


@action(by=STAFF, makes=ExerciseFollowUp, when=lambda exercise: "" if exercise.held_at else "It was not held yet.")
def add_follow_up(
    exercise: Exercise, *, by: Person, what: Prose, owner: Annotated[PersonId, "who does it"], due_on: Annotated[date, "by when"]
) -> ExerciseFollowUp:
    """Say what is to be done after `exercise`, by whom and by when."""
    in_order(exercise.held_at.date() if exercise.held_at else due_on, due_on, "due_on")
    return keep(fill(ExerciseFollowUp(exercise=exercise), what=what, owner=owner, due_on=due_on))


@action(by=STAFF, when=lambda follow_up: "It is done already." if follow_up.done_at else "")
def finish_follow_up(follow_up: ExerciseFollowUp, *, by: Person, how: Annotated[Prose, "what was done"]) -> ExerciseFollowUp:
    """Say that `follow_up` is done. Somebody else looks whether it is."""
    return keep(fill(follow_up, done_at=clock.now(), how=how))


def _done(follow_up: ExerciseFollowUp) -> str:
    if follow_up.checked_at:
        return "It was looked at already."
    return "" if follow_up.done_at else "It is not done yet."


@action(
    by=KEEPERS,
    apart_from=["finish-follow-up"],
    why_apart="whether it is done says somebody else",
    when=_done,
)
def check_follow_up(
    follow_up: ExerciseFollowUp, *, by: Person, good: Annotated[bool, "whether it is done, and helps"], note: Prose | None = None
) -> ExerciseFollowUp:
    """Say whether `follow_up` is done. If it is not, it is open again."""
    if not good:
        if not note:
            raise ill(note="Say what is still to be done.")
        return keep(fill(follow_up, done_at=None, how=f"{follow_up.how}\n\nOpen again: {note}"))
    return keep(fill(follow_up, checked_by=by.ref, checked_at=clock.now()))
