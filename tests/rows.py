"""Rows given in a test as the tables of a frame, in DuckDB, without change files: quick, with the names and types that measures see."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from upheld.checks import schema
from upheld.checks.measure import GAPS
from upheld.evidence.derived import HISTORY, Derived, derived_tables, needed
from upheld.evidence.duck import quoted
from upheld.evidence.loading import rows_of
from upheld.evidence.table import Kind, Table, table

Row = Mapping[str, Any]

_TIMES = {"seen_from_at": "TIMESTAMP", "seen_until_at": "TIMESTAMP"}


def load(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[Row]], reads: Sequence[str], as_of: datetime) -> None:
    """Make every table of `reads` and what it is derived from, filled with `rows` by name ("accounts", "history.accounts")."""
    connection.execute("CREATE SCHEMA history")
    derived = needed(reads)
    wanted = {GAPS, *reads, *(part for each in derived for part in each.inputs)}
    for name in sorted(wanted - set(derived_tables())):
        contract = None if name == GAPS else table(name.removeprefix(HISTORY))
        _create(connection, name, contract, schema.readable()[name], rows.get(name, ()))
    for each in derived:
        _derive(connection, each, as_of)


def standing(given: Row, as_of: datetime) -> dict[str, Any]:
    """Return the row `given` with what every row of a frame has: `source`, `seen_from_at`, `seen_until_at`, `ended`."""
    return {"source": "test", "seen_from_at": as_of - timedelta(hours=1), "seen_until_at": None, "ended": None, **given}


def _create(connection: duckdb.DuckDBPyConnection, name: str, contract: Table | None, columns: Sequence[str], rows: Sequence[Row]) -> None:
    listed = ", ".join(f"{quoted(column)} {_type(contract, column)}" for column in columns)
    connection.execute(f"CREATE TABLE {name} ({listed})")
    if rows:
        marks = ", ".join([f"({', '.join('?' for _ in columns)})"] * len(rows))  # one statement: each costs more than its rows
        connection.execute(f"INSERT INTO {name} VALUES {marks}", [_naive(row.get(column)) for row in rows for column in columns])


def _type(contract: Table | None, column: str) -> str:
    if contract is None or column not in contract.columns:
        return _TIMES.get(column, "VARCHAR")
    kind = contract.columns[column].kind
    return "INTERVAL" if kind is Kind.DURATION else kind.stored


def _derive(connection: duckdb.DuckDBPyConnection, derived: Derived, as_of: datetime) -> None:
    if derived.sql is not None:
        bound = {"as_of": _naive(as_of)} if "$as_of" in derived.sql else {}
        connection.execute(f"CREATE TABLE {derived.name} AS {derived.sql}", bound)
        return
    assert derived.derive is not None, "a derived table has SQL or a function"
    inputs = {name: list(rows_of(connection, name, columns)) for name, columns in derived.inputs.items()}
    rows = [derived.table.check(row) for row in derived.derive(inputs, as_of)]
    _create(connection, derived.name, derived.table, tuple(derived.table.columns), rows)


def _naive(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
