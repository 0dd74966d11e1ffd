"""The one clock: aware UTC, and settable, so that "a month ago" can be tested without waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """Return the current instant, aware and in UTC; the one given to `at` while inside it."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Hold the clock at `instant` (aware) within the block; raises `ValueError` for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone: give an aware instant, such as datetime(2026, 5, 3, tzinfo=UTC)")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield instant.astimezone(UTC)
    finally:
        _fixed.reset(token)
