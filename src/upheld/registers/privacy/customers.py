"""Actions on customers: enter, change, end."""

from datetime import date
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Code, Text
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import LEADS, fill, in_order, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Country = Annotated[Annotated[str, Code()] | None, "a short code, as in de"]
Reach = Annotated[Prose | None, "whom to tell there, and how: of breaches, of what authorities ask"]
Address = Annotated[Annotated[str, Text(254)] | None, "the mail address for notices that the contract demands, as in privacy@acme.example"]


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
    notice_address: Address = None,
) -> Customer:
    """Enter a customer."""
    not_taken(Customer, name)
    said = {"title": title, "owner": owner, "from_on": from_on, "country": country, "contact": contact}
    return keep(fill(Customer(name=name), **said, notice_address=_address(notice_address)))


@action(by=KEEPERS)
def change_customer(
    customer: Customer,
    *,
    by: Person,
    title: Line,
    owner: PersonId,
    country: Country = None,
    contact: Reach = None,
    notice_address: Address = None,
) -> Customer:
    """Say anew what `customer` is called, who answers for it, and how to reach it."""
    return keep(fill(customer, title=title, owner=owner, country=country, contact=contact, notice_address=_address(notice_address)))


@action(by=KEEPERS)
def end_customer(customer: Customer, *, by: Person, until_on: Annotated[date, "the last day"]) -> Customer:
    """Say that `customer` is one until a day."""
    in_order(customer.from_on, until_on)
    customer.until_on = until_on
    return keep(customer)


def _address(said: str | None) -> str | None:
    if said:
        try:
            validate_email(said)
        except ValidationError as error:
            raise ill(notice_address="This is no mail address; write it as in privacy@acme.example.") from error
    return said
