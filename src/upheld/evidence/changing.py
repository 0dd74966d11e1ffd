"""What changed of a table between two instants, and those rows alone, as they were and as they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import orjson

from upheld.evidence.duck import load_lines, put_in, quoted
from upheld.evidence.frame import ChangeFile, Frame
from upheld.evidence.loading import naive, reading
from upheld.evidence.querying import SINCE, all_rows, meeting, touched
from upheld.evidence.table import Table, table

BEFORE, AFTER = "before", "after"
_AMONG = "memory.main.among"
# A source's name, then the parts of a row's key.
Key = tuple[object, ...]


@dataclass(frozen=True)
class Change:
    """The rows of `table` under `keys`: as they were when each source had told what `since` says, and as they are.

    No row is new or gone, and none differs in any column but `columns`, as far as anybody reads it. None: nothing is known of that.
    """

    table: str
    since: tuple[tuple[str, datetime], ...]
    keys: tuple[Key, ...]
    columns: frozenset[str] | None = None


@dataclass(frozen=True)
class Changed:
    """What changed of one table: the `keys` of such rows, and the `columns` in which any of these changed.

    A row that is new or gone changed in all columns, and `turned_over` says that there is one. `met` says by condition which keys have a
    row that meets it.
    """

    keys: frozenset[Key] = frozenset()
    columns: frozenset[str] = frozenset()
    turned_over: bool = False
    met: Mapping[str, frozenset[Key]] = field(default_factory=dict)


def changed(
    connection: duckdb.DuckDBPyConnection,
    frame: Frame,
    name: str,
    since: Mapping[str, datetime],
    columns: Iterable[str],
    conditions: Mapping[str, str],
) -> Changed:
    """Return what changed of the collected table `name` after what `since` says of each source, up to the frame's instant.

    It is found out in `connection`, which has seen nothing of that table yet. Only `columns` are compared. `conditions` are SQL over
    columns of the table; see `querying.meeting`. Raises `Damaged`.
    """
    files = frame.files.get(name, ())
    later = [file for file in files if any(source == file.source and file.seen_at > at for source, at in since.items())]
    if not files or not (later or conditions):
        return Changed(met=dict.fromkeys(conditions, frozenset()))
    contract = table(name)
    _databases(connection)
    said = _since(connection, name, since.items())
    met = _met(connection, contract, files, frame.as_of, conditions)
    with reading([file.path for file in later]):
        keys = frozenset(connection.execute(_put_in(touched(contract, said), later, frame.as_of)).fetchall()) if later else frozenset()
    if not keys:
        return Changed(met=met)
    compared = sorted({*columns, *contract.key} & set(contract.columns))
    load(connection, frame, Change(name, tuple(since.items()), tuple(keys)), compared)
    turned_over, differing = _differing(connection, contract, compared)
    return Changed(keys, differing, turned_over, met)


def load(connection: duckdb.DuckDBPyConnection, frame: Frame, change: Change, columns: Iterable[str]) -> None:
    """Make, in the databases `before` and `after` of `connection`, the rows of `change`: as of the instant, and through time.

    Raises `Damaged`.
    """
    contract, files = table(change.table), frame.files.get(change.table, ())
    chosen = [name for name in contract.columns if name in {*columns, *contract.key}]
    _databases(connection)
    since = _since(connection, contract.name, change.since)
    through = f"memory.main.{quoted(f'through {contract.name}')}"
    with reading([file.path for file in files]):
        rows = f"CREATE OR REPLACE TABLE {through} AS {all_rows(contract, chosen, among=keys(connection, change))}"
        connection.execute(_put_in(rows, files, frame.as_of))
    listed = ", ".join(f"row.{quoted(each)}" for each in [*chosen, *SINCE])
    was = "row.seen_until_at IS NULL OR row.seen_until_at > since.at"
    ends = f"CASE WHEN {was} THEN NULL ELSE row.{{0}} END AS {{0}}"
    then = f"FROM {through} AS row JOIN {since} AS since ON since.source = row.source WHERE row.seen_from_at <= since.at"
    now = f"FROM {through} AS row"
    for place, rows in {BEFORE: f"{then} AND ({was})", AFTER: f"{now} WHERE row.seen_until_at IS NULL"}.items():
        connection.execute(f"CREATE TABLE {place}.main.{quoted(change.table)} AS SELECT {listed} {rows}")
    # Few look at the past.
    past = {BEFORE: f"{ends.format('seen_until_at')}, {ends.format('ended')} {then}", AFTER: f"row.seen_until_at, row.ended {now}"}
    for place, rows in past.items():
        connection.execute(f"CREATE VIEW {place}.history.{quoted(change.table)} AS SELECT {listed}, {rows}")


def _databases(connection: duckdb.DuckDBPyConnection) -> None:
    for name in (BEFORE, AFTER):
        connection.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {name}")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name}.history")


def _since(connection: duckdb.DuckDBPyConnection, name: str, since: Iterable[tuple[str, datetime]]) -> str:
    """Make a table of what each source had told `since` of the table `name`, and return what it is called."""
    into = f"memory.main.{quoted(f'since {name}')}"
    connection.execute(f"DROP TABLE IF EXISTS {into}")
    lines = (orjson.dumps({"source": source, "at": naive(at)}) + b"\n" for source, at in since)
    load_lines(connection, into, {"source": "VARCHAR", "at": "TIMESTAMP"}, lines)
    return into


def keys(connection: duckdb.DuckDBPyConnection, change: Change) -> str:
    """Make a table of the keys of `change` in `connection`, a source's name first, and return its name."""
    contract = table(change.table)
    connection.execute(f"DROP TABLE IF EXISTS {_AMONG}")
    types = {"_source": "VARCHAR", **{part: contract.columns[part].kind.stored for part in contract.key}}
    load_lines(connection, _AMONG, types, (orjson.dumps(dict(zip(types, key, strict=True))) + b"\n" for key in change.keys))
    return _AMONG


def _met(
    connection: duckdb.DuckDBPyConnection,
    contract: Table,
    files: Sequence[ChangeFile],
    as_of: datetime,
    conditions: Mapping[str, str],
) -> dict[str, frozenset[Key]]:
    if not conditions:
        return {}
    columns = [name for name in contract.columns if any(f'"{name}"' in condition for condition in conditions)]
    found: dict[str, set[Key]] = {condition: set() for condition in conditions}
    with reading([file.path for file in files]):
        rows = connection.execute(_put_in(meeting(contract, columns, conditions), files, as_of)).fetchall()
    names = list(conditions)
    for *key, which in rows:
        for number in which:
            found[names[number]].add(tuple(key))
    return {condition: frozenset(keys) for condition, keys in found.items()}


def _differing(connection: duckdb.DuckDBPyConnection, contract: Table, columns: Sequence[str]) -> tuple[bool, frozenset[str]]:
    """Whether any row is new or gone, and the columns in which one that was there before and is there after differs; all, where any is."""
    same = " AND ".join(f"was.{part} = is_.{part}" for part in ["source", *map(quoted, contract.key)])
    counts = "".join(f", count(*) FILTER (was.{quoted(name)} IS DISTINCT FROM is_.{quoted(name)})" for name in columns)
    counted = connection.execute(
        f"SELECT count(*) FILTER (was.source IS NULL OR is_.source IS NULL){counts} "  # noqa: S608  names from contracts, quoted
        f"FROM {BEFORE}.main.{quoted(contract.name)} AS was FULL JOIN {AFTER}.main.{quoted(contract.name)} AS is_ ON {same}"
    ).fetchone()
    assert counted is not None, "an aggregate gives one row"
    differing = (name for name, count in zip(columns, counted[1:], strict=True) if count or counted[0])
    return bool(counted[0]), frozenset(["seen_from_at", *differing])


def _put_in(query: str, files: Iterable[ChangeFile], as_of: datetime) -> str:
    return put_in(query, files=[str(file.path) for file in files], as_of=as_of)
