"""Actions on orders of capacity: order, and say that it came or was given up."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.operations.models import CapacityOrder, System
from upheld.registers.rules import LEADS, fill
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=CapacityOrder)
def order_capacity(
    system: System,
    *,
    by: Person,
    resource: Annotated[str, Text(120), "which resource, as its readings call it: disk:/var"],
    what: Annotated[Prose, "what was ordered or is being changed"],
    owner: Annotated[PersonId, "who sees to it"],
    ready_on: Annotated[date, "the day from which it is there"],
) -> CapacityOrder:
    """Say that more of a resource of `system` is on its way."""
    if ready_on < clock.now().date():
        raise ill(ready_on="This day is over; say when it will be there.")
    return keep(fill(CapacityOrder(system=system), resource=resource, what=what, owner=owner, ready_on=ready_on))


@action(by=KEEPERS, when=lambda order: "It ended already." if order.ended_at else "")
def end_order(order: CapacityOrder, *, by: Person) -> CapacityOrder:
    """Say that `order` came, or was given up: readings tell from now on."""
    order.ended_at = clock.now()
    return keep(order)
