"""Rows given in a test as the tables of a frame, in a DuckDB connection, without change files: quick, and the same names and types."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from upheld.checks import schema
from upheld.checks.measure import GAPS
from upheld.evidence.derived import Derived, derived_tables, needed
from upheld.evidence.table import Kind, Table, table

Rows = Iterable[Mapping[str, Any]]

_TYPES = {Kind.DURATION: "INTERVAL"}
_TIMES = {"seen_from_at": "TIMESTAMP", "seen_until_at": "TIMESTAMP"}


def load(
    connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[Mapping[str, Any]]], reads: Sequence[str], as_of: datetime
) -> None:
    """Make every table of `reads` and what it is derived from, filled with `rows` by name ("accounts", "history.accounts")."""
    connection.execute("CREATE SCHEMA history")
    _create(connection, GAPS, rows.get(GAPS, ()))
    wanted = set(reads) | {part for each in needed(reads) for part in each.inputs}
    for name in sorted(wanted - set(derived_tables()) - {GAPS}):
        _create(connection, name, rows.get(name, ()))
    for derived in needed(reads):
        _derive(connection, derived, as_of)


def through_time(given: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    """Return the row `given` with what every row of a frame has: `source`, `seen_from_at`, `seen_until_at`, `ended`."""
    return {"source": "test", "seen_from_at": as_of - timedelta(hours=1), "seen_until_at": None, "ended": None, **given}


def _create(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    contract = None if name == GAPS else table(name.removeprefix("history."))
    columns = schema.readable()[name]
    types = ", ".join(f"{column} {_type(contract, column)}" for column in columns)
    connection.execute(f"CREATE TABLE {name} ({types})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", [[_naive(row.get(column)) for column in columns] for row in rows])


def _type(contract: Table | None, column: str) -> str:
    if contract is None or column not in contract.columns:
        return _TIMES.get(column, "VARCHAR")
    kind = contract.columns[column].kind
    return _TYPES.get(kind, kind.stored)


def _derive(connection: duckdb.DuckDBPyConnection, derived: Derived, as_of: datetime) -> None:
    if derived.sql is None:
        raise NotImplementedError(f"{derived.name} is computed in Python")
    query = derived.sql.replace("$as_of", f"TIMESTAMP '{_naive(as_of)}'")
    connection.execute(f"CREATE TABLE {derived.name} AS {query}")


def _naive(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
