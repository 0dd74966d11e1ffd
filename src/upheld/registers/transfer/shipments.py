"""Actions on media in transport: couriers proposed and approved, shipments sent and received."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.rules import LEADS, STAFF, all_known, fill, not_ahead, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.transfer.models import Content, Courier, Shipment
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Short = Annotated[str, Text(120)]
When = Annotated[datetime | None, "when; now if not given"]


def _over(courier: Courier) -> str:
    return "This courier carries for us no more." if courier.until_on and courier.until_on < clock.now().date() else ""


@action(by=KEEPERS, makes=Courier)
def propose_courier(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: PersonId,
    why: Annotated[Prose, "why they can be trusted with media"],
    supplier: Annotated[Name | None, "their short name among the suppliers"] = None,
) -> Courier:
    """Propose a courier. Nothing goes with them before somebody else has approved them."""
    not_taken(Courier, name)
    all_known("supplier", [supplier] if supplier else [], "Supplier")
    return keep(fill(Courier(), name=name, title=title, owner=owner, why=why, supplier=supplier))


@action(
    by=LEADS,
    apart_from=["propose-courier"],
    why_apart="nobody approves the courier that they proposed",
    when=lambda courier: "It is approved already." if courier.approved_at else "",
)
def approve_courier(courier: Courier, *, by: Person) -> Courier:
    """Approve `courier`."""
    courier.approved_at, courier.approved_by = clock.now(), by.ref
    return keep(courier)


@action(by=KEEPERS, when=_over)
def end_courier(courier: Courier, *, by: Person, until_on: Annotated[date, "the last day on which they carry for us"]) -> Courier:
    """Say that `courier` carries for us no more after a day."""
    courier.until_on = until_on
    return keep(courier)


@action(by=STAFF, makes=Shipment)
def send_medium(
    *,
    by: Person,
    courier: Courier,
    title: Annotated[Line, "what is sent"],
    recipient: Annotated[Line, "to whom"],
    content: Annotated[Content, "the highest class of what is on it"],
    encrypted: Annotated[bool, "whether all of it is encrypted"],
    due_on: Annotated[date, "the day by which it should have arrived"],
    seal: Annotated[Short | None, "the number of its seal"] = None,
    medium: Annotated[Short | None, "its number in the inventory"] = None,
    sent_at: When = None,
) -> Shipment:
    """Note that a medium left with an approved courier."""
    if why := _over(courier) or ("" if courier.approved_at else "This courier is not approved."):
        raise ill(courier=why)
    when = not_ahead(sent_at, "sent_at")
    if due_on < when.date():
        raise ill(due_on="It cannot arrive before it is sent.")
    if content in (Content.CONFIDENTIAL, Content.PERSONAL) and not encrypted:
        raise ill(encrypted="Confidential and personal data leave encrypted, or not at all.")
    if content is not Content.PUBLIC and not seal:
        raise ill(seal="Say which seal it has.")
    made = Shipment(courier=courier, owner=by.ref, sent_at=when, due_on=due_on, encrypted=encrypted)
    return keep(fill(made, title=title, recipient=recipient, content=content, seal=seal, medium=medium))


@action(by=STAFF, when=lambda shipment: "It was received already." if shipment.received_at else "")
def receive_medium(
    shipment: Shipment,
    *,
    by: Person,
    received_by: Annotated[Line, "who received it"],
    seal_intact: Annotated[bool, "whether the seal was whole, and the right one"],
    undamaged: Annotated[bool, "whether it was whole"],
    note: Annotated[Prose | None, "what was wrong"] = None,
    at: When = None,
) -> Shipment:
    """Note what whoever received `shipment` says of it."""
    when = not_ahead(at)
    if when < shipment.sent_at:
        raise ill(at="It cannot have arrived before it was sent.")
    if not (seal_intact and undamaged) and not note:
        raise ill(note="Say what was wrong, and report it as an event.")
    return keep(fill(shipment, received_at=when, received_by=received_by, seal_intact=seal_intact, undamaged=undamaged, note=note))
