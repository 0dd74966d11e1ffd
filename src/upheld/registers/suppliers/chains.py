"""Actions on suppliers' own suppliers: whom each uses, and when it told us."""

from datetime import date, datetime
from typing import Annotated

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.files import Kept
from upheld.registers.rules import LEADS, fill, in_order, not_ahead
from upheld.registers.suppliers.looking_models import ChainDisclosure, Subcontractor
from upheld.registers.suppliers.models import Supplier
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=ChainDisclosure)
def note_disclosure(
    supplier: Supplier,
    *,
    by: Person,
    document: Annotated[Kept, "what the supplier sent"],
    note: Prose | None = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> ChainDisclosure:
    """Say that `supplier` told us whom it uses for us, even if that is nobody."""
    return keep(fill(ChainDisclosure(supplier=supplier, person=by.ref), at=not_ahead(at), document=document, note=note))


@action(by=KEEPERS, makes=Subcontractor)
def add_subcontractor(
    supplier: Supplier,
    *,
    by: Person,
    title: Line,
    what: Annotated[Prose, "what it does for us on the supplier's behalf"],
    country: Annotated[Name, "a short code, as in de"],
    from_on: date,
) -> Subcontractor:
    """Add somebody whom `supplier` uses for us."""
    return keep(fill(Subcontractor(supplier=supplier), title=title, what=what, country=country, from_on=from_on))


@action(by=KEEPERS)
def end_subcontractor(subcontractor: Subcontractor, *, by: Person, until_on: Annotated[date, "the last day"]) -> Subcontractor:
    """Say that the supplier uses `subcontractor` until a day."""
    in_order(subcontractor.from_on, until_on)
    subcontractor.until_on = until_on
    return keep(subcontractor)
