"""Actions on changes of suppliers' services: told, risk assessed anew, decided by somebody else."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.registers.rules import LEADS, all_known, fill, not_ahead
from upheld.registers.suppliers.looking_models import Decision, ServiceChange
from upheld.registers.suppliers.models import Supplier, Tier
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=ServiceChange)
def note_change(
    supplier: Supplier,
    *,
    by: Person,
    what: Line,
    takes_effect_at: Annotated[datetime, "from when on it holds"],
    systems: Annotated[list[Name], "the short names of our systems that it touches"] = [],  # noqa: B006  never changed
    announced_at: Annotated[datetime | None, "when we were told; now if not given"] = None,
) -> ServiceChange:
    """Note a change to what `supplier` does for us: its risk must be assessed anew before it takes effect."""
    all_known("systems", systems, "System")
    told = not_ahead(announced_at, "announced_at")
    return keep(fill(ServiceChange(supplier=supplier), what=what, takes_effect_at=takes_effect_at, systems=systems, announced_at=told))


@action(by=KEEPERS, when=lambda change: "It was decided already." if change.decided_at else "")
def reassess_change(
    change: ServiceChange,
    *,
    by: Person,
    risks: Annotated[Prose, "what the change does to what could go wrong"],
    tier: Annotated[Tier, "the supplier's risk class from now on, by what is touched"],
) -> ServiceChange:
    """Assess the risk of `change` anew, with how critical what it touches is. Somebody else decides."""
    return keep(fill(change, risks=risks, tier=tier, reassessed_at=clock.now(), reassessed_by=by.ref))


def _assessed(change: ServiceChange) -> str:
    if change.decided_at:
        return "It was decided already."
    return "" if change.reassessed_at else "Its risk was not assessed anew yet."


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["reassess-change"],
    why_apart="a change is decided by somebody who did not assess it",
    when=_assessed,
)
def decide_change(change: ServiceChange, *, by: Person, decision: Decision) -> ServiceChange:
    """Accept `change`, object to it, or leave the supplier. Accepted, the supplier is of the class that was found."""
    supplier = change.supplier
    if decision is Decision.ACCEPT and supplier.tier != change.tier:
        supplier.tier = change.tier
        keep(supplier)
    return keep(fill(change, decision=decision, decided_at=clock.now(), decided_by=by.ref))
