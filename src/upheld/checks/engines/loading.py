"""What a judging process loads: the tables that are read, and of those that changed the changed rows alone, before and after."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from upheld.checks.engines.job import AFTER, BEFORE, Needs
from upheld.evidence import changing
from upheld.evidence.derived import HISTORY, Derived, bases, derived_tables, needed
from upheld.evidence.duck import literal, quoted
from upheld.evidence.frame import Frame
from upheld.evidence.loading import load_derived


def load(connection: duckdb.DuckDBPyConnection, frame: Frame, needs: Needs, aside: Path | None = None) -> None:
    """Make what `needs` says in `connection`; what is judged before and after, in its databases of these names, everything else in views.

    Large tables lie in files in the folder `aside`, where there is one. Raises what `Frame.load` does.
    """
    if not needs.changes or needs.then is None:
        frame.load(connection, needs.tables, needs.history, needs.columns, aside=aside)
        connection.execute("CHECKPOINT")
        return
    changed = {change.table for change in needs.changes}
    parted = [each for each in needed(needs.tables) if changed & bases([each.name])]
    columns = _columns(needs, parted)
    inputs = {name for each in parted for name in each.inputs}
    alone = changed | {each.name for each in parted}
    tables = {name for name in {*needs.tables, *inputs} if not name.startswith(HISTORY)} - alone
    history = {name.removeprefix(HISTORY) for name in inputs if name.startswith(HISTORY)} | {*needs.history}
    standing = {name for name in tables & needs.standing.keys() if name not in _needed(tables - {name})}
    for name in standing:
        connection.execute(f"CREATE TABLE {quoted(name)} AS FROM read_parquet({literal(str(needs.standing[name]))})")
    tables -= standing
    frame.load(connection, sorted(tables), sorted(history - changed), columns, _only(connection, needs, tables), aside)
    for change in needs.changes:
        both = columns.get(change.table, set()) | columns.get(HISTORY + change.table, set())
        changing.load(connection, frame, change, both)
    _complete(connection, BEFORE, parted, needs.then, aside)
    alike = _alike(parted, needs, frame.as_of)
    for name in sorted(alike):
        connection.execute(f"CREATE VIEW {AFTER}.main.{quoted(name)} AS FROM {BEFORE}.main.{quoted(name)}")
    _complete(connection, AFTER, [each for each in parted if each.name not in alike], frame.as_of, aside)


def _alike(parted: Iterable[Derived], needs: Needs, now: datetime) -> set[str]:
    """Which of the derived tables `parted` hold what they held: no column that they are made of changed, and no day passed."""
    same_day = needs.then is not None and needs.then.astimezone(UTC).date() == now.astimezone(UTC).date()
    changed = {change.table: change.columns for change in needs.changes}
    other, alike = {HISTORY + name for name in changed}, set[str]()
    for each in parted:
        moved = any(name in changed and _among(changed[name], chosen) for name, chosen in each.inputs.items())
        if same_day and each.by_day and not moved and not other & {*each.inputs}:
            alike.add(each.name)
        else:
            other.add(each.name)
    return alike


def _among(changed: frozenset[str] | None, columns: Iterable[str]) -> bool:
    return changed is None or not changed.isdisjoint(columns)


def _needed(tables: Iterable[str]) -> set[str]:
    return {each.name for each in needed(tables)}


def _only(connection: duckdb.DuckDBPyConnection, needs: Needs, tables: Iterable[str]) -> dict[str, str]:
    """Of each collected table that is read only for a derived table that falls apart, the condition for the rows that are wanted."""
    if not needs.light:
        return {}
    (change,) = needs.changes
    parted = [(each, each.apart[change.table]) for each in needed(tables) if change.table in each.apart]
    others = {*tables, *(part for each in needed(tables) if change.table not in each.apart for part in each.inputs)}
    keys = f"SELECT * FROM {changing.keys(connection, change)}"  # noqa: S608  a fixed name
    return {
        name: f"({where}) IS NOT TRUE OR ({', '.join(map(quoted, key))}) IN ({keys})"
        for _, apart in parted
        for name, (where, key) in apart.rows.items()
        if name not in others
    }


def _columns(needs: Needs, parted: Iterable[Derived]) -> dict[str, set[str]]:
    """The columns to load of each collected table, with those that the tables `parted` are made from."""
    columns = {name: set(said) for name, said in needs.columns.items()}
    for each in parted:
        for name, chosen in each.inputs.items():
            if name not in derived_tables():
                columns.setdefault(name, set()).update(chosen)
    return columns


def _complete(connection: duckdb.DuckDBPyConnection, place: str, parted: Iterable[Derived], at: datetime, aside: Path | None) -> None:
    """Let the database `place` have every table of the frame that it has none of, and the derived tables `parted` as of `at`."""
    there = {(schema, name) for database, schema, name in _tables(connection) if database == place}
    for database, schema, name in _tables(connection):
        if database == "frame" and (schema, name) not in there:
            connection.execute(f"CREATE VIEW {place}.{quoted(schema)}.{quoted(name)} AS FROM frame.{quoted(schema)}.{quoted(name)}")
    cursor = connection.cursor()
    cursor.execute(f"USE {place}")
    for each in parted:
        load_derived(cursor, each, at, aside)
    cursor.close()


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    found = "SELECT database_name, schema_name, {0}_name FROM duckdb_{0}s() WHERE NOT temporary AND NOT internal"
    return connection.execute(f"{found.format('table')} UNION ALL {found.format('view')}").fetchall()
