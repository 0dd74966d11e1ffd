"""What is logged cannot be changed, replaced or deleted, even by somebody who speaks to the database directly."""

import sqlite3

import pytest
from django.db import DatabaseError, connection, transaction
from tests.ledger.given import Ledger

from upheld.ledger.append import append

TABLES = ("log", "entry", "tile", "span", "checkpoint", "anchor", "outbox", "emitter", "opening")
FORBIDDEN = [
    "UPDATE ledger_log SET origin = 'other'",
    "DELETE FROM ledger_log",
    "INSERT OR REPLACE INTO ledger_log (number, origin, opened_at) SELECT number, 'other', opened_at FROM ledger_log",
    "INSERT OR REPLACE INTO ledger_log (number, origin, opened_at) SELECT 7, origin, opened_at FROM ledger_log",
    "UPDATE ledger_entry SET data = x'00' WHERE position = 0",
    "UPDATE OR REPLACE ledger_entry SET position = 1 WHERE position = 0",
    "DELETE FROM ledger_entry WHERE position = 3",
    "INSERT OR REPLACE INTO ledger_entry (position, data) VALUES (0, x'00')",
    "REPLACE INTO ledger_entry (position, data) VALUES (0, x'00')",
    "INSERT INTO ledger_entry (position, data) VALUES (0, x'00') ON CONFLICT (position) DO UPDATE SET data = excluded.data",
    "INSERT INTO ledger_entry (position, data) VALUES (5000, x'00')",
    "INSERT INTO ledger_entry (position, data) VALUES (-1, x'00')",
    "UPDATE ledger_tile SET hashes = x'00'",
    "DELETE FROM ledger_tile",
    "INSERT OR REPLACE INTO ledger_tile (log, level, n, root, hashes) VALUES (0, 0, 0, x'00', x'00')",
    'UPDATE ledger_span SET "last" = 0',
    "DELETE FROM ledger_span",
    "INSERT OR REPLACE INTO ledger_span (log, n, first, last) VALUES (0, 0, 0, 0)",
    "UPDATE ledger_checkpoint SET note = ''",
    "DELETE FROM ledger_checkpoint",
    "INSERT OR REPLACE INTO ledger_checkpoint (log, size, note, signed_at) VALUES (0, 1, '', '2026-01-01')",
    "UPDATE ledger_anchor SET token = x'00'",
    "DELETE FROM ledger_anchor",
    "UPDATE ledger_outbox SET data = x'00'",
    "DELETE FROM ledger_outbox",
    "INSERT OR REPLACE INTO ledger_outbox (n, log, data) SELECT n, log, x'00' FROM ledger_outbox",
    "UPDATE ledger_emitter SET n = n - 1",
    "UPDATE ledger_emitter SET name = 'other', n = n + 1",
    "DELETE FROM ledger_emitter",
    "INSERT OR REPLACE INTO ledger_emitter (id, log, name, n) SELECT id, log, name, 0 FROM ledger_emitter",
    "INSERT OR REPLACE INTO ledger_emitter (log, name, n) SELECT log, name, 0 FROM ledger_emitter",
    "UPDATE ledger_opening SET sealed = x'00'",
    "INSERT OR REPLACE INTO ledger_opening (entry, field, key, link, sealed) SELECT entry, field, key, link, x'00' FROM ledger_opening",
]


def fill(ledger: Ledger) -> None:
    """Put a row into every table."""
    ledger.grow(300)
    with transaction.atomic():
        append("request.received", body={}, personal={"email": "alice@example.com"})
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_anchor (log, size, kind, token, received_at) VALUES (0, 1, 'witness', x'00', '2026-01-01')")


def content(cursor: sqlite3.Cursor) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    return {table: cursor.execute(f"SELECT * FROM ledger_{table} ORDER BY 1, 2").fetchall() for table in TABLES}


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_every_attempt_is_refused_also_on_a_connection_of_somebody_elses(ledger: Ledger, recursive: str) -> None:
    fill(ledger)
    connection.close()
    foreign = sqlite3.connect(ledger.workspace.database, isolation_level=None)
    foreign.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = content(foreign.cursor())
    assert all(before.values())
    for statement in FORBIDDEN:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            foreign.execute(statement)
    assert content(foreign.cursor()) == before
    foreign.close()


def test_the_product_itself_is_refused_too(ledger: Ledger) -> None:
    fill(ledger)
    for statement in FORBIDDEN:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_was_sequenced_may_leave_the_outbox(ledger: Ledger) -> None:
    ledger.append(3)
    with pytest.raises(DatabaseError, match="outbox is append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_outbox")
    assert ledger.grow(0).placed == 3
    assert ledger.log.waiting() == 0
