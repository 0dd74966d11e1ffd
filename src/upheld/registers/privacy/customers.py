"""Actions on customers: enter, change, end."""

from datetime import date
from typing import Annotated

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.kinds import Code
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import LEADS, fill, in_order, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Country = Annotated[Annotated[str, Code()] | None, "a short code, as in de"]
Reach = Annotated[Prose | None, "whom to tell there, and how: of breaches, of new sub-processors"]


@action(by=KEEPERS, makes=Customer)
def enter_customer(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: Annotated[PersonId, "who answers for the customer here"],
    from_on: Annotated[date, "since when it is a customer"],
    country: Country = None,
    contact: Reach = None,
) -> Customer:
    """Enter a customer."""
    not_taken(Customer, name)
    return keep(fill(Customer(name=name), title=title, owner=owner, from_on=from_on, country=country, contact=contact))


@action(by=KEEPERS)
def change_customer(
    customer: Customer, *, by: Person, title: Line, owner: PersonId, country: Country = None, contact: Reach = None
) -> Customer:
    """Say anew what `customer` is called, who answers for it, and how to reach it."""
    return keep(fill(customer, title=title, owner=owner, country=country, contact=contact))


@action(by=KEEPERS)
def end_customer(customer: Customer, *, by: Person, until_on: Annotated[date, "the last day"]) -> Customer:
    """Say that `customer` is one until a day."""
    in_order(customer.from_on, until_on)
    customer.until_on = until_on
    return keep(customer)
