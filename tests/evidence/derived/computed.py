"""A derived table computed from rows that a test gives, with its contract checked: keys are keys, and nothing is absent that never is."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
from tests.rows import Row, load, standing
from tests.stage import AS_OF

from upheld.evidence.derived import derived_tables


def computed(name: str, history: Mapping[str, Sequence[Row]] | None = None, **tables: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows of the derived table `name`, in order of key; `history` gives rows through time, by table."""
    rows: dict[str, list[Row]] = {}
    for table in {*tables, *(history or {})}:
        past = [standing(row, AS_OF) for row in (history or {}).get(table, ())]
        current = [standing(row, AS_OF) for row in tables.get(table, ())]
        rows[table] = current + [row for row in past if row["seen_until_at"] is None]
        rows[f"history.{table}"] = past + current
    contract = derived_tables()[name].table
    with duckdb.connect() as connection:
        load(connection, rows, [name], AS_OF)
        found = connection.execute(f"SELECT * FROM {name} ORDER BY {', '.join(contract.key)}")
        columns = [column[0] for column in found.description or ()]
        told = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    assert set(columns) == set(contract.columns)
    assert len({tuple(row[part] for part in contract.key) for row in told}) == len(told), "two rows under one key"
    always = [column.name for column in contract.columns.values() if column.null == "never"]
    assert [row for row in told if any(row[column] is None for column in always)] == []
    return told


def only(
    name: str, columns: Sequence[str], history: Mapping[str, Sequence[Row]] | None = None, **tables: Sequence[Row]
) -> list[tuple[Any, ...]]:
    """Return some columns of the derived table `name`, a tuple a row, in order of key."""
    return [tuple(row[column] for column in columns) for row in computed(name, history, **tables)]
