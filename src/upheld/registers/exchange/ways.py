"""How the lines of a file get into a register: by the action that makes a record, and the one that changes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from upheld.actions.declaring import Action, declared
from upheld.actions.errors import Refused
from upheld.actions.models import Record, natural_key
from upheld.actions.parameters import Parameter

CHANGES = "change-"


class NoWay(Refused):
    """Lines cannot be brought into the register, or it must be said how."""


@dataclass(frozen=True)
class Way:
    """How lines get into `register`: `make` for those that are new, `change` for those that are there; `key` tells which are.

    A line that has a number is the record of that number; else the one with the same `key`, where the register has such a field.
    """

    register: type[Record]
    make: Action[..., Any] | None
    change: Action[..., Any] | None
    key: str

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Everything that a column can tell, by name."""
        makes, changes = (action.parameters if action is not None else () for action in (self.make, self.change))
        names = {each.name for each in makes}
        return {each.name: each for each in (*makes, *(each for each in changes if each.name not in names))}


def makers(register: type[Record]) -> list[Action[..., Any]]:
    """Return the actions that make a record of `register` by themselves."""
    return [each for each in declared().values() if each.on is None and each.makes is register]


def way(register: type[Record], make: str = "") -> Way:
    """Return how lines get into `register`. Raises `NoWay` where no action can, or several and none is named by `make`."""
    every = makers(register)
    chosen = [each for each in every if each.name == make or each.name.partition(".")[2] == make]
    if make and not chosen:
        raise NoWay(f"There is no action {make!r} that makes a {register._meta.verbose_name}{_named(every)}")
    if len(every) > 1 and not make:
        raise NoWay(f"Say which action makes the {register._meta.verbose_name_plural}{_named(every)}")
    changers = [each for each in declared().values() if each.on is register and each.name.partition(".")[2].startswith(CHANGES)]
    change = max(changers, key=lambda each: len(each.parameters), default=None)
    if not every and change is None:
        raise NoWay(f"No action makes or changes {register._meta.verbose_name_plural} from a list.")
    maker = next(iter(chosen or every), None)
    key = natural_key(register)
    return Way(register, maker, change, key if maker and key in {each.name for each in maker.parameters} else "")


def _named(actions: Iterable[Action[..., Any]]) -> str:
    told = ", ".join(each.name for each in actions)
    return f": {told}." if told else "; none does."
