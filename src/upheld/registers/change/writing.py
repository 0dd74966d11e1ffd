"""Actions on what is written about systems: where it stands, that it was read and found right, and which procedures are needed."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Code
from upheld.registers.change.written_models import Describes, Description, ProcedureRule
from upheld.registers.operations.models import SystemKind
from upheld.registers.rules import LEADS, STAFF, all_known, fill
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE)


def _kept(description: Description) -> str:
    return "This description is retired." if description.retired_at else ""


@action(by=KEEPERS, makes=Description)
def add_description(
    *,
    by: Person,
    system: Annotated[Name, "the short name of the system"],
    describes: Describes,
    owner: Annotated[PersonId, "who keeps it right"],
    document: Annotated[Annotated[str, Code()] | None, "its short name among the policies, if it is written there"] = None,
    place: Annotated[Line | None, "where else it is written: a file, or an address"] = None,
) -> Description:
    """Say where the architecture or the features of a system are described."""
    all_known("system", [system], "System")
    if not document and not place:
        raise ill(place="Say where it is written.")
    all_known("document", [document] if document else [], "Policy")
    return keep(fill(Description(system=system, describes=describes, owner=owner), document=document, place=place))


@action(by=STAFF, when=_kept)
def review_description(description: Description, *, by: Person) -> Description:
    """Say that you read `description`, and that it is right as the system is now."""
    description.reviewed_by, description.reviewed_at = by.ref, clock.now()
    return keep(description)


@action(by=KEEPERS, when=_kept)
def retire_description(description: Description, *, by: Person) -> Description:
    """Say that `description` is not used any more."""
    description.retired_at = clock.now()
    return keep(description)


@action(by=LEADS, makes=ProcedureRule)
def require_procedure(
    *,
    by: Person,
    system_kind: Annotated[SystemKind, "which kind of system needs it"],
    task: Annotated[Name, "the task, as runbooks name it: restart, restore, release"],
    why: Prose | None = None,
) -> ProcedureRule:
    """Say that every system of a kind needs a written procedure for a task."""
    if ProcedureRule.objects.filter(system_kind=system_kind, task=task, ended_at=None).exists():
        raise ill(task=f"{task} is required of every {system_kind} already.")
    return keep(fill(ProcedureRule(), system_kind=system_kind, task=task, why=why))


@action(by=LEADS, when=lambda rule: "This is not required any more." if rule.ended_at else "")
def drop_procedure(rule: ProcedureRule, *, by: Person) -> ProcedureRule:
    """Say that the procedure of `rule` is not required any more."""
    rule.ended_at = clock.now()
    return keep(rule)
