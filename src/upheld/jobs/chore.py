"""What a chore is: something that is due by itself, and what it says when it was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Chore:
    """Something to be done: `due_at` is when, in the past if it is late, None for not at all; `work` says in one line what it did."""

    name: str
    due_at: datetime | None
    work: Callable[[], str]

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be done at `now`."""
        return self.due_at is not None and self.due_at <= now


class Unsuccessful(RuntimeError):
    """A chore did what it could and failed; what it found is recorded, and it is tried again after a rest."""
