"""Actions on the end of a contract: what becomes of the customer's data, when they were returned and erased, and what searches show."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.checks.span import span
from upheld.registers.owing import interval
from upheld.registers.privacy.keeping_models import Choice, ContractEnd, DataSet, StoreSearch
from upheld.registers.privacy.models import Contract
from upheld.registers.privacy.searched import lacking
from upheld.registers.rules import LEADS, fill, not_ahead

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


def due(contract: Contract) -> datetime | None:
    """Return by when the customer's data are gone after `contract` ended, as it says or as the company does; None without an end."""
    if contract.until_on is None:
        return None
    over = datetime.combine(contract.until_on, time(), UTC) + timedelta(days=1)
    within = span(contract.deletion_within) if contract.deletion_within else interval("privacy", "deletion_window")
    return within.after(over)


@action(by=KEEPERS, makes=ContractEnd, when=lambda contract: "" if contract.until_on else "It has no end yet; end it first.")
def begin_contract_end(
    contract: Contract, *, by: Person, choice: Annotated[Choice, "what the customer wants with its data"]
) -> ContractEnd:
    """Begin to return, hand over or erase the data of the customer of `contract`."""
    due_at = due(contract)
    if ContractEnd.objects.filter(contract=contract).exists() or due_at is None:
        raise Refused("This was begun already.")
    return keep(ContractEnd(contract=contract, choice=str(choice), due_at=due_at))


@action(by=KEEPERS, when=lambda ending: "They were returned already." if ending.returned_at else "")
def note_return(
    ending: ContractEnd,
    *,
    by: Person,
    receipt: Annotated[Kept, "what the customer, or its new provider, confirmed"],
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> ContractEnd:
    """Say that the data arrived where the customer wants them."""
    if ending.choice == Choice.ERASE:
        raise Refused("The customer wants nothing returned.")
    return keep(fill(ending, returned_at=not_ahead(at), receipt=receipt))


@action(by=KEEPERS, when=lambda ending: "They were erased already." if ending.certificate else "")
def note_erasure(ending: ContractEnd, *, by: Person, at: Annotated[datetime | None, "when; now if not given"] = None) -> ContractEnd:
    """Say that the customer's data were erased in every system. Each data set is then searched. Refused before they were returned."""
    if ending.choice != Choice.ERASE and not ending.returned_at:
        raise Refused("The customer wants its data first; note that they arrived.")
    when = not_ahead(at)
    if ending.returned_at and when < ending.returned_at:
        raise ill(at="They cannot have been erased before they were returned.")
    return keep(fill(ending, erased_at=when, erased_by=by.ref))


@action(by=KEEPERS, makes=StoreSearch, when=lambda ending: "" if ending.erased_at else "Erase them first.")
def search_for_contract(
    ending: ContractEnd,
    *,
    by: Person,
    data_set: DataSet,
    found: Annotated[int, "how many rows of this customer are there"],
    protocol: Annotated[Kept, "what the search printed"],
) -> StoreSearch:
    """Say what a search for the customer's rows found in a data set, after they were erased."""
    return keep(fill(StoreSearch(ending=ending, data_set=data_set), searched_at=clock.now(), found=found, protocol=protocol))


@action(
    by=LEADS,
    apart_from=["note-erasure"],
    why_apart="who erased them does not certify it",
    when=lambda ending: "It is certified already." if ending.certificate else "" if ending.erased_at else "Erase them first.",
)
def certify_erasure(ending: ContractEnd, *, by: Person, certificate: Annotated[Kept, "what the customer is given"]) -> ContractEnd:
    """Certify that nothing of the customer is left. Refused while a data set was not searched since, or still finds rows."""
    if why := lacking(ending):
        raise Refused(" ".join(why))
    return keep(fill(ending, certificate=certificate))
