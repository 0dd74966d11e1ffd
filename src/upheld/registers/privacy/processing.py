"""Actions on the record of processing: enter, change, confirm, end. What a field still lacks is told by the measure, not refused."""

from datetime import date
from typing import Annotated, Any

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.registers.privacy.processing_models import Capacity, Processing
from upheld.registers.rules import LEADS, all_known, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Owner = Annotated[PersonId, "who answers for it"]
As = Annotated[Capacity, "for ourselves (controller), or for customers (processor)"]
Purpose = Annotated[Name, "a short name of what it is for, as instructions and logs call it"]
Categories = Annotated[list[Name], "the short names of the data categories"]
Customers = Annotated[list[Name], "the short names of the customers for whom it is done"]
Operations = Annotated[Prose | None, "what is done with the data"]
Subjects = Annotated[Prose | None, "whose data they are"]
Recipients = Annotated[Prose | None, "who gets them"]
Transfers = Annotated[Prose | None, "to which countries outside, and under which safeguards; none, if there are none"]
Retention = Annotated[Prose | None, "how long they are kept"]
Security = Annotated[Prose | None, "the technical and organisational measures, in general"]
Contact = Annotated[Prose | None, "name and contact of the company and of its data protection officer"]


def _going_on(processing: Processing) -> str:
    return "It ended already." if processing.ended_on else ""


@action(by=KEEPERS, makes=Processing)
def enter_processing(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: Owner,
    capacity: As,
    purpose: Purpose,
    data_categories: Categories,
    customers: Customers = [],  # noqa: B006  never changed
    operations: Operations = None,
    data_subjects: Subjects = None,
    recipients: Recipients = None,
    transfers: Transfers = None,
    retention: Retention = None,
    security: Security = None,
    contact: Contact = None,
) -> Processing:
    """Enter a kind of processing in the record of all that is done with personal data."""
    not_taken(Processing, name)
    given = {key: value for key, value in locals().items() if key not in ("by", "name")}
    return keep(_said(Processing(name=name), **given))


@action(by=KEEPERS, when=_going_on)
def change_processing(
    processing: Processing,
    *,
    by: Person,
    title: Line,
    owner: Owner,
    capacity: As,
    purpose: Purpose,
    data_categories: Categories,
    customers: Customers = [],  # noqa: B006  never changed
    operations: Operations = None,
    data_subjects: Subjects = None,
    recipients: Recipients = None,
    transfers: Transfers = None,
    retention: Retention = None,
    security: Security = None,
    contact: Contact = None,
) -> Processing:
    """Say anew what `processing` is; it is then to be confirmed again."""
    given = {key: value for key, value in locals().items() if key not in ("by", "processing")}
    return keep(_said(processing, **given, confirmed_at=None, confirmed_by=""))


@action(by=KEEPERS, when=_going_on)
def confirm_processing(processing: Processing, *, by: Person) -> Processing:
    """Say that what the record says of `processing` is complete, and still so."""
    empty = [name for name in ("operations", "transfers", "security", "contact") if not getattr(processing, name)]
    if empty:
        raise Refused(f"The record lacks: {', '.join(empty)}. Fill these in first.")
    return keep(fill(processing, confirmed_at=clock.now(), confirmed_by=by.ref))


@action(by=KEEPERS, when=_going_on)
def end_processing(processing: Processing, *, by: Person, ended_on: Annotated[date, "the last day"]) -> Processing:
    """Say that this is done no more after a day."""
    return keep(fill(processing, ended_on=ended_on))


def _said(processing: Processing, **given: Any) -> Processing:
    all_known("data_categories", given["data_categories"], "DataCategory")
    all_known("customers", given["customers"], "Customer")
    if not given["data_categories"]:
        raise ill(data_categories="Name at least one.")
    if (given["capacity"] is Capacity.PROCESSOR) != bool(given["customers"]):
        raise ill(customers="As processor, name the customers for whom it is done; as controller, none.")
    return fill(processing, **given)
