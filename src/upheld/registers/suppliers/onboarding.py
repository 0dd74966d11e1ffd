"""Actions on suppliers: propose, assess, approve by somebody else, engage, end. None is engaged without approval and agreement."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused
from upheld.registers.rules import LEADS, STAFF, fill, in_order, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.suppliers.agreements import missing
from upheld.registers.suppliers.models import Provides, Supplier, SupplierAssessment, Tier
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Owner = Annotated[PersonId, "who answers for the supplier here"]
Class = Annotated[Tier, "its risk class, by the harm it could do"]
Touches = Annotated[bool, "whether it reaches, holds or could alter our information"]
Personal = Annotated[bool, "whether it processes personal data for us"]
Countries = Annotated[list[Name], "where it works for us from, as in de"]
Reach = Annotated[Prose | None, "whom to reach there, and how"]


@action(by=STAFF, makes=Supplier)
def propose_supplier(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: Owner,
    provides: list[Provides],
    what: Annotated[Prose, "what it is to do for us, and what it can reach"],
    tier: Class,
    touches: Touches,
    personal_data: Personal = False,
    countries: Countries = [],  # noqa: B006  never changed
    contact: Reach = None,
) -> Supplier:
    """Propose a supplier. It is then assessed, approved by somebody else, signs an agreement, and is engaged."""
    not_taken(Supplier, name)
    said = {"title": title, "owner": owner, "provides": provides, "what": what, "tier": tier, "touches": touches}
    return keep(fill(Supplier(name=name), **said, personal_data=personal_data, countries=countries, contact=contact))


@action(by=LEADS, makes=Supplier)
def record_supplier(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: Owner,
    provides: list[Provides],
    what: Prose,
    tier: Class,
    touches: Touches,
    from_on: Annotated[date, "since when it works for us"],
    personal_data: Personal = False,
    countries: Countries = [],  # noqa: B006  never changed
    contact: Reach = None,
) -> Supplier:
    """Record a supplier that was engaged before it was kept here. What it lacks shows as a break."""
    not_taken(Supplier, name)
    said = {"title": title, "owner": owner, "provides": provides, "what": what, "tier": tier, "touches": touches, "from_on": from_on}
    return keep(fill(Supplier(name=name), **said, personal_data=personal_data, countries=countries, contact=contact))


def _not_over(supplier: Supplier) -> str:
    over = supplier.until_on is not None and supplier.until_on < clock.now().date()
    return "It is no supplier of ours any more." if over else ""


@action(by=KEEPERS, when=_not_over)
def change_supplier(
    supplier: Supplier,
    *,
    by: Person,
    title: Line,
    owner: Owner,
    provides: list[Provides],
    what: Prose,
    tier: Class,
    touches: Touches,
    personal_data: Personal,
    countries: Countries = [],  # noqa: B006  never changed
    contact: Reach = None,
) -> Supplier:
    """Say anew what `supplier` does, its risk class, and who answers for it."""
    said = {"title": title, "owner": owner, "provides": provides, "what": what, "tier": tier, "touches": touches}
    return keep(fill(supplier, **said, personal_data=personal_data, countries=countries, contact=contact))


@action(by=KEEPERS, makes=SupplierAssessment, when=_not_over)
def assess_supplier(
    supplier: Supplier,
    *,
    by: Person,
    risks: Annotated[Prose, "what could go wrong, how likely, and how bad"],
    mended_by: Annotated[Prose | None, "what makes it better: clauses, settings, alternatives"] = None,
) -> SupplierAssessment:
    """Write down what could go wrong with `supplier`. Somebody else approves it."""
    return keep(fill(SupplierAssessment(supplier=supplier), author=by.ref, at=clock.now(), risks=risks, mended_by=mended_by))


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["assess-supplier"],
    why_apart="a supplier is approved by somebody who did not assess it",
    when=lambda assessment: "It is approved already." if assessment.approved_at else "",
)
def approve_supplier(assessment: SupplierAssessment, *, by: Person) -> SupplierAssessment:
    """Approve the supplier of `assessment`, with the risks that are written there. Refused to whoever answers for the supplier."""
    if by.ref == assessment.supplier.owner:
        raise Refused("You answer for this supplier; somebody else has to approve it.")
    return keep(fill(assessment, approved_by=by.ref, approved_at=clock.now()))


@action(by=KEEPERS, when=lambda supplier: "It is engaged already." if supplier.from_on else "")
def engage_supplier(supplier: Supplier, *, by: Person, from_on: date) -> Supplier:
    """Engage `supplier` from a day on. Refused without an approved assessment, or without an agreement with all that its class requires."""
    if not supplier.assessments.exclude(approved_at=None).exists():
        raise Refused("Its assessment is not approved yet; it cannot be engaged.")
    if supplier.touches and (lacking := missing(supplier, from_on)):
        raise Refused(f"No agreement that is checked and in force on that day contains: {', '.join(lacking)}.")
    supplier.from_on = from_on
    return keep(supplier)


@action(by=KEEPERS, when=_not_over)
def end_supplier(supplier: Supplier, *, by: Person, until_on: Annotated[date, "the last day"]) -> Supplier:
    """Say that `supplier` works for us until a day."""
    in_order(supplier.from_on or until_on, until_on)
    supplier.until_on = until_on
    return keep(supplier)
