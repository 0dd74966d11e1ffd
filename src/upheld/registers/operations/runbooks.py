"""Actions on runbooks: write down where one is, say that it was tried or read, retire it."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Code
from upheld.registers.operations.models import Looked, Runbook, RunbookCheck, System
from upheld.registers.rules import LEADS, STAFF, all_known, fill, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


def _kept(runbook: Runbook) -> str:
    return "This runbook is retired." if runbook.retired_at else ""


@action(by=KEEPERS, makes=Runbook)
def add_runbook(
    system: System,
    *,
    by: Person,
    title: Annotated[Line, "which operation it is for, as in Restart"],
    owner: PersonId,
    document: Annotated[Annotated[str, Code()] | None, "the short name of the procedure among the policies, if it is written there"] = None,
    place: Annotated[Line | None, "where else it is written: a file, or an address"] = None,
    task: Annotated[Annotated[str, Code()] | None, "the task, as procedures are required for: restart, restore, release"] = None,
    audience: Annotated[list[Line], "who needs it: roles or departments"] = [],  # noqa: B006  never changed
) -> Runbook:
    """Say where the runbook of an operation on `system` is written."""
    if not document and not place:
        raise ill(document="Name the procedure, or say where it is written.")
    all_known("document", [document] if document else [], "Policy")
    more = {"task": task, "audience": audience}
    return keep(fill(Runbook(system=system), title=title, owner=owner, document=document, place=place, **more))


@action(by=STAFF, makes=RunbookCheck, when=_kept)
def check_runbook(
    runbook: Runbook,
    *,
    by: Person,
    how: Annotated[Looked, "whether it was done as it says, or read"],
    good: Annotated[bool, "whether it is right"],
    note: Annotated[Prose | None, "what is wrong with it, if it is not"] = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> RunbookCheck:
    """Say that you did what `runbook` says, or read it, and whether it is right."""
    if not good and not note:
        raise ill(note="Say what is wrong with it.")
    when = not_ahead(at)
    if good and (runbook.looked_at is None or runbook.looked_at < when):
        runbook.looked_at = when
        keep(runbook)
    return keep(fill(RunbookCheck(runbook=runbook), person=by.ref, at=when, how=how, good=good, note=note))


@action(by=KEEPERS, when=_kept)
def change_runbook(
    runbook: Runbook,
    *,
    by: Person,
    owner: PersonId,
    place: Annotated[Line | None, "where it is written, if not among the policies"] = None,
    task: Annotated[Annotated[str, Code()] | None, "the task, as procedures are required for"] = None,
    audience: list[Line] = [],  # noqa: B006  never changed
) -> Runbook:
    """Say anew where `runbook` is, whose it is, and who needs it for which task. Moved elsewhere, it has to be found right again."""
    if not runbook.document and not place:
        raise ill(place="Say where it is written.")
    if place != (runbook.place or None):
        runbook.looked_at = None
    return keep(fill(runbook, owner=owner, place=place, task=task, audience=audience))


@action(by=KEEPERS, when=_kept)
def retire_runbook(runbook: Runbook, *, by: Person) -> Runbook:
    """Say that `runbook` is not used any more."""
    runbook.retired_at = clock.now()
    return keep(runbook)
