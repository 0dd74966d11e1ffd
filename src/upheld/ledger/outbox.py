"""The outbox: entries that were handed over, in the transaction that made them true, and wait for their place in the log."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# The number that an entry waits under, and its canonical bytes.
Waiting: TypeAlias = tuple[int, bytes]


_ROWS = 256  # in one statement of SQLite: a third less than one at a time
_PUT = "INSERT INTO ledger_outbox (log, data) VALUES (?, ?)"


def put(database: BaseDatabaseWrapper, log: int, text: bytes) -> None:
    """Let one entry wait for its place in the log of that number."""
    run(database, _PUT, (log, text))


def run(database: BaseDatabaseWrapper, statement: str, parameters: Sequence[int | bytes] = ()) -> tuple[Any, ...] | None:
    """Run one statement (marks are `?`) inside a transaction, and return its first row if it gives any.

    On SQLite past Django's cursor, which takes as long again as the statements of the write path do.
    """
    if database.vendor == "sqlite":
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            found: tuple[Any, ...] | None = database.connection.execute(statement, parameters).fetchone()
            return found
    with database.cursor() as cursor:
        cursor.execute(statement.replace("?", "%s"), parameters)
        return cursor.fetchone() if cursor.description else None


def put_all(log: int, texts: Iterable[bytes]) -> None:
    """Let many entries wait."""
    with connection.cursor() as cursor:
        insert(cursor, "ledger_outbox", ("log", "data"), ("int4", "bytea"), [(log, text) for text in texts])


def waiting(log: int, limit: int) -> list[Waiting]:
    """Return the first `limit` entries that wait for a place in the log of that number."""
    found = rows("SELECT n, data FROM ledger_outbox WHERE log = %s ORDER BY n LIMIT %s", (log, limit))
    return [(n, as_bytes(data)) for n, data in found]


def rows(statement: str, parameters: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return what a query (marks are `%s`) gives. PostgreSQL sends bytes as they are: as text they come twice as long, in digits."""
    if connection.vendor == "postgresql":
        database: Any = connection.Database  # type: ignore[attr-defined]  # psycopg, which SQLite need not load
        connection.ensure_connection()
        with connection.wrap_database_errors, database.Cursor(connection.connection) as binary:
            found: list[tuple[Any, ...]] = binary.execute(statement, parameters, binary=True).fetchall()
            return found
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found = cursor.fetchall()
        return found


def as_bytes(data: object) -> bytes:
    """Return a row's bytes as the driver gives them; none for text or numbers, which SQLite keeps in the column if somebody writes them."""
    return bytes(data) if isinstance(data, bytes | memoryview) else b""


def remove(cursor: CursorWrapper, log: int, placed: Sequence[Waiting], start: int) -> None:
    """Take out exactly the rows that were placed from position `start` on: on PostgreSQL, lower numbers may have been committed meanwhile.

    On SQLite the guard is told by how much a row's position is ahead of its number, since it looks for the same bytes there.
    """
    if connection.vendor == "postgresql":
        cursor.execute("DELETE FROM ledger_outbox WHERE n = ANY(%s)", ([n for n, _ in placed],))
        return
    for first, last, ahead in _runs([n for n, _ in placed], start):
        cursor.execute("UPDATE ledger_leaving SET ahead = %s", (ahead,))
        cursor.execute("DELETE FROM ledger_outbox WHERE log = %s AND n BETWEEN %s AND %s", (log, first, last))


def _runs(numbers: Sequence[int], start: int) -> Iterator[tuple[int, int, int]]:
    """Yield first and last of each run of `numbers` without a gap, and by how much positions from `start` on are ahead of them."""
    begun = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[begun], numbers[at - 1], start + begun - numbers[begun]
            begun = at


@lru_cache(maxsize=1024)
def _statement(table: str, names: str, columns: int, rows: int) -> str:
    row = f"({', '.join(['?'] * columns)})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * rows)}"  # noqa: S608 - names of ours


@contextmanager
def many_rows() -> Iterator[None]:
    """Look for no garbage meanwhile: rows make no cycles, and their number alone would have all other objects searched for some."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@lru_cache(maxsize=8)
def _placing(rows: int) -> str:
    values = ", ".join([f"({at}, ?)" for at in range(rows)])
    return f"INSERT INTO ledger_entry (position, data) SELECT ? + column1, column2 FROM (VALUES {values})"  # noqa: S608 - numbers


def place(cursor: CursorWrapper, position: int, texts: Sequence[bytes]) -> None:
    """Insert entries at `position` and those after it. The guard refuses any that is not just behind the last."""
    if connection.vendor == "postgresql":
        insert(cursor, "ledger_entry", ("position", "data"), ("int8", "bytea"), list(enumerate(texts, position)))
        return
    for start in range(0, len(texts), _ROWS):  # positions that SQLite counts itself need not be handed over one by one
        piece = texts[start : start + _ROWS]
        run(connection, _placing(len(piece)), (position + start, *piece))


def insert(
    cursor: CursorWrapper, table: str, columns: Sequence[str], types: Sequence[str], rows: Sequence[tuple[int | bytes, ...]]
) -> None:
    """Insert many rows into one of the ledger's tables; by COPY on PostgreSQL, at a third of the time of INSERT."""
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        for start in range(0, len(rows), _ROWS):
            piece = rows[start : start + _ROWS]
            run(connection, _statement(table, names, len(columns), len(piece)), list(chain.from_iterable(piece)))
        return
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for each in rows:
            copy.write_row(each)
