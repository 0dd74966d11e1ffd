"""Many actions in one transaction: each writes its rows at once; what ledger and history say of them is written together."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from upheld.actions.fields import remembering
from upheld.actions.models import Call, Record, Step
from upheld.actions.written import Request, Written
from upheld.ledger.append import append_all

MOST_WAITING = 500


@dataclass
class Together:
    """What was done and is not told yet. `answered` are the requests that were looked up before: none is asked for again.

    `free` are short names, each of a register, that no record had when it was looked.
    """

    waiting: list[Request] = field(default_factory=list)
    answered: dict[str, Call | None] = field(default_factory=dict)
    free: set[tuple[type[Record], str]] = field(default_factory=set)

    def look_up(self, keys: Iterable[str]) -> None:
        """Look up which requests were done before, all at once."""
        self.answered = dict.fromkeys(keys)
        self.answered |= {call.key: call for call in Call.objects.filter(key__in=list(self.answered))}

    def is_free(self, register: type[Record], name: str) -> bool:
        """Whether no record of `register` is known to be called `name`. Says so once: whoever asks then takes the name."""
        known = (register, name) in self.free
        self.free.discard((register, name))
        return known

    def add(self, request: Request) -> None:
        """Remember to tell of `request`."""
        self.waiting.append(request)
        if len(self.waiting) >= MOST_WAITING:
            self.tell()

    def forget(self) -> None:
        """Tell of nothing that waits: the transaction is rolled back."""
        self.waiting.clear()

    def tell(self) -> None:
        """Hand over the entries of all that waits, and write their steps."""
        if not self.waiting:
            return
        done, self.waiting = self.waiting, []
        fresh = _as_stored(each.record for request in done for each in request.done.written if each.pending)
        for request in done:
            request.done.written[:] = [_told(each, fresh) for each in request.done.written]
        ids = append_all(request.draft() for request in done)
        Step.objects.bulk_create([step for request, entry_id in zip(done, ids, strict=True) for step in request.steps(entry_id)])
        Call.objects.bulk_create([call for request, entry_id in zip(done, ids, strict=True) for call in request.call(entry_id)])


_together: ContextVar[Together | None] = ContextVar("together", default=None)


def current() -> Together | None:
    """Return what is done together now, None where each action tells of itself."""
    return _together.get()


@contextmanager
def together() -> Iterator[Together]:
    """Tell of the actions within this together; within one transaction, which the caller opens."""
    begun = Together()
    token = _together.set(begun)
    try:
        with remembering():
            yield begun
        begun.tell()
    finally:
        _together.reset(token)


def _as_stored(records: Iterable[Record]) -> dict[str, Record]:
    """Return the rows of `records` as the database holds them, by reference."""
    wanted: dict[type[Record], list[int]] = {}
    for record in records:
        wanted.setdefault(type(record), []).append(record.pk)
    found = (row for model, numbers in wanted.items() for row in model._default_manager.in_bulk(numbers).values())
    return {row.reference: row for row in found}


def _told(written: Written, stored: dict[str, Record]) -> Written:
    if not written.pending:
        return written
    now = stored[written.reference]
    changes = {name: [None, value] for name, value in now.values().items() if value is not None and name != "version"}
    return replace(written, digest=now.row_digest(), changes=changes, pending=False)
