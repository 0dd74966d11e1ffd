"""Actions on systems: enter, change, retire."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.kinds import Code, Number
from upheld.checks.span import Span
from upheld.registers.operations.models import Criticality, Environment, System, SystemKind
from upheld.registers.rules import LEADS, all_known, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Categories = Annotated[list[Name], "the short names of the data categories on it"]
Supplier = Annotated[Annotated[str, Code()] | None, "the short name of the supplier who runs it, if one does"]
Region = Annotated[Annotated[str, Code()] | None, "where it runs, as in eu-central"]
BackupEvery = Annotated[Span | None, "how old its newest backup may be"]
Recovery = Annotated[Span | None, "how long bringing it back may take (RTO)"]
RunsOn = Annotated[list[Name], "the short names of the hosts or platforms that it runs on"]
Loss = Annotated[Span | None, "how much work may be lost, as a time (RPO)"]


def _in_use(system: System) -> str:
    return "This system is retired." if system.retired_at else ""


@action(by=KEEPERS, makes=System)
def enter_system(
    *,
    by: Person,
    name: Annotated[Name, "a short name, the same that sources give it"],
    title: Line,
    kind: SystemKind,
    environment: Environment,
    criticality: Criticality,
    owner: PersonId,
    purpose: Annotated[Prose, "what it is for"],
    data_categories: Categories = [],  # noqa: B006  never changed
    supplier: Supplier = None,
    region: Region = None,
    mfa_required: Annotated[bool | None, "whether signing in demands a second factor"] = None,
    keys_required: Annotated[bool | None, "whether people must use keys, not passwords"] = None,
    backup_interval: BackupEvery = None,
    backup_generations: Annotated[int | None, Number(1, 10_000), "how many backups are kept"] = None,
    recovery_time: Recovery = None,
    recovery_point: Loss = None,
    runs_on: RunsOn = [],  # noqa: B006  never changed
) -> System:
    """Enter a system that the company runs or rents."""
    not_taken(System, name)
    given = {key: value for key, value in locals().items() if key != "by"}
    return keep(_said(System(), **given))


@action(by=KEEPERS, when=_in_use)
def change_system(
    system: System,
    *,
    by: Person,
    title: Line,
    kind: SystemKind,
    environment: Environment,
    criticality: Criticality,
    owner: PersonId,
    purpose: Prose,
    data_categories: Categories = [],  # noqa: B006  never changed
    supplier: Supplier = None,
    region: Region = None,
    mfa_required: bool | None = None,
    keys_required: bool | None = None,
    backup_interval: BackupEvery = None,
    backup_generations: Annotated[int | None, Number(1, 10_000)] = None,
    recovery_time: Recovery = None,
    recovery_point: Loss = None,
    runs_on: RunsOn = [],  # noqa: B006  never changed
) -> System:
    """Say anew what `system` is, who answers for it, and what was agreed for it."""
    given = {key: value for key, value in locals().items() if key not in ("by", "system")}
    return keep(_said(system, **given))


@action(by=KEEPERS, when=_in_use)
def retire_system(system: System, *, by: Person) -> System:
    """Say that `system` serves nobody any more."""
    system.retired_at = clock.now()
    return keep(system)


def _said(system: System, *, data_categories: list[str], supplier: str | None, runs_on: list[str], **others: object) -> System:
    all_known("data_categories", data_categories, "DataCategory")
    all_known("supplier", [supplier] if supplier else [], "Supplier")
    all_known("runs_on", runs_on, "System")
    return fill(system, data_categories=data_categories, supplier=supplier, runs_on=runs_on, **others)
