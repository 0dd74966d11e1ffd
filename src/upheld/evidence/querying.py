"""Rows through time, as SQL over change files: those open as of an instant, and all of them with when they ended and why.

A row's versions are the opened and ended changes of one source with one key (with one leaf, once erased), no two of
which have the same instant. The names in the SQL are from table contracts; files and instants are bound: `$files`, a list
of paths, and `$as_of`, a naive UTC timestamp.
"""

from collections.abc import Iterable, Mapping

from upheld.evidence.duck import nothing, quoted, shown, shown_type, stored_types
from upheld.evidence.table import Table

# What a change file says about each row beside the row itself; see `change.py`. No contract's column begins with a line.
ABOUT = {
    "_change": "VARCHAR",
    "_ended": "VARCHAR",
    "_source": "VARCHAR",
    "_seen_at": "TIMESTAMP",
    "_salt": "BLOB",
    "_leaf": "BLOB",
    "_masked": "BLOB",
}

SINCE = {"source": "VARCHAR", "seen_from_at": "TIMESTAMP"}
THROUGH = SINCE | {"seen_until_at": "TIMESTAMP", "ended": "VARCHAR"}


def open_changes(table: Table, columns: Iterable[str]) -> str:
    """Return the SQL of what opened the rows that are still open as of `$as_of`: `columns` as they lie in Parquet, erased rows too."""
    chosen = list(columns)
    held = _changes(table, {*chosen, *table.key})
    listed = ", ".join(f"change.{quoted(name)}" for name in chosen)
    return (
        f"WITH {_later(table, held)} SELECT {listed} FROM {held} AS change "  # noqa: S608  names from contracts, quoted
        f"ANTI JOIN later ON {_same(table)} AND later._seen_at > change._seen_at "
        "WHERE change._seen_at <= $as_of AND change._change = 'opened'"
    )


def open_rows(table: Table, columns: Iterable[str]) -> str:
    """Return the SQL of `table` as measures see it as of `$as_of`: `columns`, then `source` and `seen_from_at`; no erased rows."""
    chosen = list(columns)
    return (
        f"SELECT {_listed(table, chosen)}_source AS source, _seen_at AS seen_from_at "  # noqa: S608  names from contracts, quoted
        f"FROM ({open_changes(table, [*chosen, '_source', '_seen_at', '_leaf'])}) WHERE _leaf IS NULL"
    )


def all_rows(table: Table, columns: Iterable[str], among: str = "") -> str:
    """Return the SQL of every row of `table` that was open at some time up to `$as_of`: `columns`, then those of `THROUGH`.

    Where `among` is given, only of those rows whose `_source` and key stand in the relation of that name.
    """
    chosen = list(columns)
    held = _changes(table, {*chosen, *table.key})
    if among:
        return _versions(table, chosen, f"{held} AS change{_semi(table, among)}")
    # Most rows have changed never: only those that did are put in order.
    once = (
        f"SELECT {_listed(table, chosen)}change._source AS source, change._seen_at AS seen_from_at, "  # noqa: S608  names from contracts, quoted
        "CAST(NULL AS TIMESTAMP) AS seen_until_at, CAST(NULL AS VARCHAR) AS ended "
        f"FROM {held} AS change ANTI JOIN later ON {_same(table)} "
        "WHERE change._seen_at <= $as_of AND change._change = 'opened' AND change._leaf IS NULL"
    )
    often = _versions(table, chosen, f"{held} AS change SEMI JOIN later ON {_same(table)}")
    return f"WITH {_later(table, held)} {once} UNION ALL {often}"


def _versions(table: Table, columns: Iterable[str], changes: str) -> str:
    """Every row of the relation `changes`, and when and why it ended."""
    later = f"OVER (PARTITION BY {', '.join(identity(table))} ORDER BY _seen_at)"
    return (
        f"SELECT {_listed(table, columns)}_source AS source, _seen_at AS seen_from_at, _until_at AS seen_until_at, _why AS ended FROM ("  # noqa: S608  names from contracts, quoted
        f"SELECT *, CASE WHEN lead(_change) {later} = 'opened' THEN 'changed' ELSE lead(_ended) {later} END AS _why, "
        f"lead(_seen_at) {later} AS _until_at FROM {changes} WHERE _seen_at <= $as_of) "
        "WHERE _change = 'opened' AND _leaf IS NULL"
    )


def touched(table: Table, since: str) -> str:
    """Return the SQL of the keys, each once, of rows of `table` that changed after what the relation `since` says of each source."""
    key = ", ".join(f"change.{part}" for part in ["_source", *map(quoted, table.key)])
    return (
        f"SELECT DISTINCT {key} FROM {_changes(table, table.key)} AS change "  # noqa: S608  names from contracts, quoted
        f"JOIN {since} AS since ON since.source = change._source "
        "WHERE change._seen_at > since.at AND change._seen_at <= $as_of AND change._leaf IS NULL"
    )


def meeting(table: Table, columns: Iterable[str], conditions: Mapping[str, str]) -> str:
    """Return the SQL of the keys of changes of `table` up to `$as_of` that meet any of `conditions`, and which, as a list of numbers.

    Each condition comes with a wider one that is quick to tell. Both are SQL over `columns`, `seen_from_at` and `seen_until_at`; the two
    latter are when a change was seen.
    """
    key = ", ".join(["_source", *map(quoted, table.key)])
    chosen = [name for name in columns if name not in table.key]
    rows = (
        f"SELECT {key}, {_listed(table, chosen)}_seen_at AS seen_from_at, _seen_at AS seen_until_at "  # noqa: S608  as above
        f"FROM {_changes(table, {*chosen, *table.key})} WHERE _seen_at <= $as_of AND _leaf IS NULL"
    )
    which = ", ".join(f"CASE WHEN {condition} THEN {number} END" for number, condition in enumerate(conditions))
    wider = " OR ".join(f"({condition})" for condition in sorted(set(conditions.values())))
    return (
        f"WITH near AS MATERIALIZED (SELECT * FROM ({rows}) WHERE {wider}) "  # noqa: S608  conditions are written from trees
        f"SELECT * FROM (SELECT {key}, list_filter([{which}], lambda number: number IS NOT NULL) AS which FROM near) WHERE len(which) > 0"
    )


def no_rows(table: Table, columns: Iterable[str], more: dict[str, str]) -> str:
    """Return the SQL of a relation without rows that has `columns` of `table` as measures see them, and `more`."""
    types = {name: shown_type(table, name) for name in columns} | more
    return nothing(types)


def identity(table: Table) -> list[str]:
    """Return the columns, quoted, that all versions of one row share; an erased row has no key, only its leaf."""
    return ["_source", "_leaf", *map(quoted, table.key)]


def _changes(table: Table, columns: Iterable[str]) -> str:
    """The change files; a column that the contract gained after they were written is there too, as NULL."""
    types = ABOUT | {name: kind for name, kind in stored_types(table).items() if name in set(columns)}
    return f"(SELECT * FROM read_parquet($files, union_by_name = true) UNION ALL BY NAME {nothing(types)})"  # noqa: S608


def _later(table: Table, held: str) -> str:
    """The step `later`: the changes after the earliest instant, which are few beside what was there at first."""
    identified = ", ".join([*identity(table), "_seen_at"])
    return (
        f"later AS MATERIALIZED (SELECT {identified} FROM {held} "  # noqa: S608  names from contracts, quoted
        f"WHERE _seen_at <= $as_of AND _seen_at > (SELECT min(_seen_at) FROM {held}))"
    )


def _same(table: Table) -> str:
    return " AND ".join(f"later.{part} IS NOT DISTINCT FROM change.{part}" for part in identity(table))


def _semi(table: Table, among: str) -> str:
    if not among:
        return ""
    same = " AND ".join(f"wanted.{part} = change.{part}" for part in ["_source", *map(quoted, table.key)])
    return f" SEMI JOIN {among} AS wanted ON {same}"


def _listed(table: Table, columns: Iterable[str]) -> str:
    return "".join(f"{shown(table, name)} AS {quoted(name)}, " for name in columns)
