"""What sources told, as registers ask about it: tables as of an instant in DuckDB."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import duckdb

from upheld.sources.frames import frame


@contextmanager
def evidence(as_of: datetime, tables: Sequence[str], history: Sequence[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that holds `tables`, and those of `history` through time, as of `as_of`."""
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        frame(as_of).load(connection, tables, history)
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, **given: Any) -> Iterator[dict[str, Any]]:
    """Yield what `query` finds, by column."""
    result = connection.execute(query, given)
    names = [each[0] for each in result.description or ()]
    while some := result.fetchmany(10_000):
        for row in some:
            yield dict(zip(names, row, strict=True))
