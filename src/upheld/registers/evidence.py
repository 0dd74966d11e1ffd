"""What sources told, as registers ask about it: tables as of an instant in DuckDB."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from upheld import clock
from upheld.evidence.duck import lent
from upheld.sources.frames import frame


@dataclass(frozen=True)
class Held:
    """The evidence of the instant `at`, loaded once."""

    at: datetime
    tables: frozenset[str]
    connection: duckdb.DuckDBPyConnection


_held: ContextVar[Held | None] = ContextVar("held_evidence", default=None)


@contextmanager
def held_evidence(tables: Sequence[str]) -> Iterator[None]:
    """Within this, the evidence is that of now whatever instant is asked about: for people who act in a past that nobody read.

    Of `tables` alone; it is loaded once.
    """
    at = clock.now()
    with evidence(at, tables) as connection:
        token = _held.set(Held(at, frozenset(tables), connection))
        try:
            yield
        finally:
            _held.reset(token)


def told_at(instant: datetime) -> datetime:
    """Return the instant whose evidence speaks for `instant`: that one, unless some is held."""
    still = _held.get()
    return still.at if still else instant


@contextmanager
def evidence(as_of: datetime, tables: Sequence[str], history: Sequence[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that holds `tables`, and those of `history` through time, as of `as_of`."""
    if (still := _held.get()) is not None and not history and still.tables.issuperset(tables):
        yield still.connection
        return
    with lent() as connection:
        frame(told_at(as_of)).load(connection, tables, history)
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, **given: Any) -> Iterator[dict[str, Any]]:
    """Yield what `query` finds, by column."""
    result = connection.execute(query, given)
    names = [each[0] for each in result.description or ()]
    while some := result.fetchmany(10_000):
        for row in some:
            yield dict(zip(names, row, strict=True))
