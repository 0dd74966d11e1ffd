"""The outbox: entries that were handed over, in the transaction that made them true, and wait for their place in the log."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


class Row(NamedTuple):
    """An entry's canonical bytes, and the first half of its id."""

    time_id: int
    data: bytes


class Waiting(NamedTuple):
    """A row of the outbox."""

    n: int
    time_id: int
    data: bytes


_PUT = "INSERT INTO ledger_outbox (log, time_id, data) VALUES (?, ?, ?)"


def put(database: BaseDatabaseWrapper, log: int, row: Row) -> None:
    """Let one entry wait for its place in the log of that number."""
    run(database, _PUT, (log, row.time_id, row.data))


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


def put_all(log: int, rows: Sequence[Row]) -> None:
    """Let many entries wait."""
    with connection.cursor() as cursor:
        insert(cursor, "ledger_outbox", ("log", "time_id", "data"), ("int4", "int8", "bytea"), [(log, *row) for row in rows])


def waiting(log: int, limit: int) -> list[Waiting]:
    """Return the first `limit` entries that wait for a place in the log of that number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, time_id, data FROM ledger_outbox WHERE log = %s ORDER BY n LIMIT %s", (log, limit))
        return [Waiting(n, time_id, bytes(data)) for n, time_id, data in cursor.fetchall()]


def remove(cursor: CursorWrapper, log: int, placed: Sequence[Waiting]) -> None:
    """Take out exactly the rows that were placed: on PostgreSQL, lower numbers may have been committed meanwhile."""
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM ledger_outbox WHERE log = %s AND n BETWEEN %s AND %s", (log, placed[0].n, placed[-1].n))
    else:
        cursor.execute("DELETE FROM ledger_outbox WHERE n = ANY(%s)", ([row.n for row in placed],))


def insert(
    cursor: CursorWrapper, table: str, columns: Sequence[str], types: Sequence[str], rows: Sequence[tuple[int | bytes, ...]]
) -> None:
    """Insert many rows into one of the ledger's tables; by COPY on PostgreSQL, at a third of the time of INSERT."""
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names from this package
        return
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
