"""Why an action was not done. Each says what happened, to what, and what to do; nothing was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Refused(Exception):
    """The action was not done, and nothing of it stayed."""


class NotAllowed(Refused):
    """Whoever asked may not do this."""


class SamePerson(NotAllowed):
    """Whoever asked did an earlier step on this record that must be somebody else's."""


class OutOfScope(NotAllowed):
    """The record is not among those that whoever asked may act on; told in the same words as one that does not exist."""


class NoSuchRecord(Refused):
    """There is no record of that number, or whoever asked may not see it."""


class KeyReused(Refused):
    """An idempotency key came again with another request."""


class OutsideAction(RuntimeError):
    """A register was written outside an action: a fault in the code."""


@dataclass(frozen=True)
class Change:
    """What one field of a record was, and is now."""

    field: str
    before: Any
    after: Any


class Crossed(Refused):
    """Somebody else changed the record in between; `changes` says what."""

    def __init__(self, what: str, changes: Sequence[Change]) -> None:
        told = "; ".join(f"{each.field} is now {each.after!s}" for each in changes) or "look at it again"
        super().__init__(
            f"{what} was changed by somebody else since you opened it: {told}. Nothing of yours was kept; look, and send it again."
        )
        self.changes = tuple(changes)


class Ill(Refused):
    """What was given cannot be used; `fields` says why, by the field's name ("" for the whole)."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = {name: tuple(said) for name, said in fields.items()}
        told = "; ".join(f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in self.fields.items())
        super().__init__(told)


def ill(**fields: str) -> Ill:
    """Return the error that says one sentence about each of `fields`."""
    return Ill({name: (said,) for name, said in fields.items()})
