"""Actions on processes: enter, change, end; and what losing one does, approved by somebody else."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.checks.span import Span
from upheld.registers.continuity.models import ImpactAnalysis, Process, Weight
from upheld.registers.rules import LEADS, all_known, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


def _goes_on(process: Process) -> str:
    return "This process has ended." if process.ended_at else ""


@action(by=KEEPERS, makes=Process)
def enter_process(
    *,
    by: Person,
    name: Name,
    title: Line,
    what: Annotated[Prose, "what is done, for whom"],
    criticality: Annotated[Weight, "how much the company depends on it"],
    owner: PersonId,
) -> Process:
    """Enter something that the company does and may have to go on doing in a disruption."""
    not_taken(Process, name)
    return keep(fill(Process(name=name), title=title, what=what, criticality=criticality, owner=owner))


@action(by=KEEPERS, when=_goes_on)
def change_process(process: Process, *, by: Person, title: Line, what: Prose, criticality: Weight, owner: PersonId) -> Process:
    """Say anew what `process` is, how critical it is, and who answers for it."""
    return keep(fill(process, title=title, what=what, criticality=criticality, owner=owner))


@action(by=KEEPERS, when=_goes_on)
def end_process(process: Process, *, by: Person) -> Process:
    """Say that the company does `process` no longer."""
    process.ended_at = clock.now()
    return keep(process)


@action(by=KEEPERS, makes=ImpactAnalysis, when=_goes_on)
def analyse_impact(
    process: Process,
    *,
    by: Person,
    impact: Annotated[Prose, "what harm is done after an hour, a day, a week"],
    recovery_time: Annotated[Span, "how long it may be down (RTO)"],
    security_kept: Annotated[Prose, "what of security must hold even then: who may reach what, what stays encrypted, what is logged"],
    recovery_point: Annotated[Span | None, "how much work may be lost, as a time (RPO); none if it does not matter"] = None,
    systems: Annotated[list[Name], "the short names of the systems that it needs"] = [],  # noqa: B006  never changed
    suppliers: Annotated[list[Name], "the short names of the suppliers that it needs"] = [],  # noqa: B006  never changed
    processes: Annotated[list[Name], "the short names of the other processes that it needs"] = [],  # noqa: B006  never changed
    responsibilities: Annotated[list[Name], "the short names of the responsibilities whose holders it needs"] = [],  # noqa: B006
) -> ImpactAnalysis:
    """Write down what losing `process` does and what it depends on. Somebody else approves it."""
    if process.name in processes:
        raise ill(processes="A process does not depend on itself.")
    needs = {"systems": systems, "suppliers": suppliers, "processes": processes, "responsibilities": responsibilities}
    for field, model in (
        ("systems", "System"),
        ("suppliers", "Supplier"),
        ("processes", "Process"),
        ("responsibilities", "Responsibility"),
    ):
        all_known(field, needs[field], model)
    said = {"impact": impact, "recovery_time": recovery_time, "recovery_point": recovery_point, "security_kept": security_kept}
    return keep(fill(ImpactAnalysis(process=process, author=by.ref, at=clock.now()), **said, **needs))


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["analyse-impact"],
    why_apart="an analysis is approved by somebody who did not write it",
    when=lambda analysis: "It is approved already." if analysis.approved_at else "",
)
def approve_analysis(analysis: ImpactAnalysis, *, by: Person) -> ImpactAnalysis:
    """Approve `analysis`: its targets and dependencies are those of the process from now on."""
    return keep(fill(analysis, approved_by=by.ref, approved_at=clock.now()))
