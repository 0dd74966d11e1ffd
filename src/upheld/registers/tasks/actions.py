"""Actions on recurring tasks: plan one, change it, do it, end it."""

from datetime import date, datetime, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.checks.span import Span
from upheld.registers.rules import LEADS, STAFF, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.tasks.models import Task, TaskDone
from upheld.registers.words import Line, Name, Prose

PLANNERS = (*LEADS, Role.MANAGER, Role.OWNER)
Fixed = Annotated[bool, "due on fixed days, such as each first of a quarter; no: counted from when it was done last"]
Who = Annotated[PersonId | None, "who does it; or say a role"]
Word = Annotated[Name | None, "whoever holds this word, as it-operations"]


def _kept(task: Task) -> str:
    return "This task has ended." if task.ended_at else ""


@action(by=PLANNERS, makes=Task)
def plan_task(
    *,
    by: Person,
    title: Line,
    every: Span,
    first_on: date,
    fixed: Fixed = False,
    person: Who = None,
    role: Word = None,
    how: Prose | None = None,
) -> Task:
    """Plan something to be done again and again, for the first time on the day `first_on`."""
    return keep(_filled(Task(), title, every, first_on, fixed, person or "", role or "", how or ""))


@action(by=PLANNERS, when=_kept)
def change_task(
    task: Task,
    *,
    by: Person,
    title: Line,
    every: Span,
    first_on: date,
    fixed: Fixed = False,
    person: Who = None,
    role: Word = None,
    how: Prose | None = None,
) -> Task:
    """Say anew what `task` is, how often it is done, and by whom."""
    return keep(_filled(task, title, every, first_on, fixed, person or "", role or "", how or ""))


@action(by=STAFF, makes=TaskDone, when=_kept)
def do_task(
    task: Task,
    *,
    by: Person,
    note: Annotated[Prose, "what came of it"],
    proof: Annotated[Kept | None, "a file that shows it"] = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> TaskDone:
    """Say that `task` was done."""
    return keep(TaskDone(task=task, person=by.ref, at=not_ahead(at), note=note, proof=proof.sha256 if proof else ""))


@action(by=PLANNERS, when=_kept)
def end_task(task: Task, *, by: Person, why: Prose) -> Task:
    """Want `task` no more. What was done and missed stays."""
    task.ended_at = clock.now()
    return keep(task)


def _filled(task: Task, title: str, every: Span, first_on: date, fixed: bool, person: str, role: str, how: str) -> Task:
    if bool(person) == bool(role):
        raise ill(person="Say who does it: a person or a role, and not both.")
    if every.about < timedelta(days=1):
        raise ill(every="At least a day.")
    task.title, task.every, task.first_on, task.fixed = title, str(every), first_on, fixed
    task.person, task.role, task.how = person, role, how
    return task
