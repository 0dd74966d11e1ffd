"""Actions on doors between environments: ask for one, approve it, close it."""

from datetime import date
from typing import Annotated

from django.apps import apps

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Number
from upheld.registers.rules import LEADS, STAFF, all_known, fill
from upheld.registers.separation.kinds import Environment
from upheld.registers.separation.models import EnvironmentDoor
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=STAFF, makes=EnvironmentDoor)
def ask_door(
    *,
    by: Person,
    title: Line,
    from_environment: Environment,
    to_system: Annotated[Name, "the short name of the system that it leads to"],
    port: Annotated[int, Number(1, 65_535)],
    why: Prose,
    owner: PersonId,
    until_on: Annotated[date | None, "the last day, where it is for a time"] = None,
) -> EnvironmentDoor:
    """Ask for a way from an environment to a port of a system in another. It is open once somebody else has approved it."""
    all_known("to_system", [to_system], "System")
    if until_on is not None and until_on < clock.now().date():
        raise ill(until_on="This day is over.")
    system = apps.get_model("registers", "System")._default_manager.filter(name=to_system).first()
    if system is not None and system.environment == from_environment:
        raise ill(to_system=f"{to_system} is in {from_environment} itself.")
    made = EnvironmentDoor(port=port, until_on=until_on)
    return keep(fill(made, title=title, from_environment=from_environment, to_system=to_system, why=why, owner=owner))


def _open(door: EnvironmentDoor) -> str:
    return "This door is closed." if door.closed_at else ""


@action(
    by=(*LEADS, Role.OWNER),
    apart_from=["ask-door"],
    why_apart="nobody opens the door that they asked for",
    when=lambda door: _open(door) or ("It is approved already." if door.approved_at else ""),
)
def approve_door(door: EnvironmentDoor, *, by: Person) -> EnvironmentDoor:
    """Approve `door`."""
    door.approved_at, door.approved_by = clock.now(), by.ref
    return keep(door)


@action(by=KEEPERS, when=_open)
def close_door(door: EnvironmentDoor, *, by: Person) -> EnvironmentDoor:
    """Say that `door` is closed."""
    door.closed_at = clock.now()
    return keep(door)
