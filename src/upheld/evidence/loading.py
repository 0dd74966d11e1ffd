"""Tables put into DuckDB: collected ones from change files, as of an instant or through time, and derived ones computed from them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import duckdb

from upheld.evidence.canonical import json_line, plain
from upheld.evidence.derived import HISTORY, Derived, Slice
from upheld.evidence.duck import lent, literal, load_lines, put_in, quoted, shown, shown_type, stored_types
from upheld.evidence.querying import SINCE, THROUGH, all_rows, no_rows, open_changes, open_rows
from upheld.evidence.table import Kind, Row, Table, table

# A derived table of more rows is computed in slices; in no more than so many, since each reads all rows to find its own.
SLICE_ROWS, MOST_SLICES = 100_000, 6
# A table of more rows lies in files where there is a folder for it (decision 38); below, memory costs less than writing.
ASIDE_ROWS = 500_000


class HistoryError(Exception):
    """The history cannot be written or read: says which file, and what to do."""


class Damaged(HistoryError):
    """A change file is missing, cut off or altered; restore it from a backup, since nothing else holds what it says."""


def load_collected(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    files: Sequence[Path],
    as_of: datetime,
    only: str = "",
    aside: Path | None = None,
) -> None:
    """Make the table `name` ("accounts", "history.accounts") with `columns` from the change files `files`, typed and empty without any.

    Where `only` is given, a condition in SQL, it has the rows that meet it. Where `aside` is given, it lies in a file in that folder.
    Raises `Damaged` for a file that cannot be read.
    """
    through_time = name.startswith(HISTORY)
    contract = table(name.removeprefix(HISTORY))
    into = _relation(name)
    if not files:
        connection.execute(f"CREATE TABLE {into} AS {no_rows(contract, columns, THROUGH if through_time else SINCE)}")
        return
    rows = all_rows(contract, columns) if through_time else open_rows(contract, columns)
    if only:
        rows = f"SELECT * FROM ({rows}) WHERE {only}"  # noqa: S608  a condition of a contract
    rows = put_in(rows, files=[*map(str, files)], as_of=as_of)
    with reading(files):
        if aside is not None:
            set_aside(connection, into, contract, columns, [rows], aside)
            return
        made = connection.execute(f"CREATE TABLE {into} AS {rows}").fetchone()
    if made and made[0] > SLICE_ROWS:
        # Where the database compresses its tables, it does so now, before the next one is there too.
        connection.execute("CHECKPOINT")


def set_aside(
    connection: duckdb.DuckDBPyConnection, into: str, contract: Table, columns: Sequence[str], queries: Iterable[str], aside: Path
) -> None:
    """Write the rows of `queries`, which have `columns` of `contract`, into files in `aside`, and make `into` a view of them.

    Such a table takes no memory, is read column by column as fast as one that is held, and is there in half the time.
    """
    listed = {name: contract.columns[name].kind for name in columns}
    spans = [quoted(name) for name, kind in listed.items() if kind is Kind.DURATION]
    # Parquet's intervals know no microseconds.
    written, read = (", ".join(f"{turned}({each}) AS {each}" for each in spans) for turned in ("epoch_us", "to_microseconds"))
    files = []
    for query in queries:
        files.append(literal(str(aside / f"{contract.name}-{token_hex(8)}.parquet")))
        rows = f"SELECT * {f'REPLACE ({written})' if spans else ''} FROM ({query})"  # noqa: S608  names from contracts, quoted
        connection.execute(f"COPY ({rows}) TO {files[-1]} (FORMAT parquet, COMPRESSION snappy)")
    connection.execute(f"CREATE VIEW {into} AS SELECT * {f'REPLACE ({read})' if spans else ''} FROM read_parquet([{', '.join(files)}])")  # noqa: S608


def view_open(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str]) -> None:
    """Make the table `name` with `columns` a view of the open ones of its rows through time, which stand in `connection`."""
    listed = ", ".join(map(quoted, [*columns, *SINCE]))
    rows = f"SELECT {listed} FROM {_relation(HISTORY + name)} WHERE seen_until_at IS NULL"  # noqa: S608  names from contracts, quoted
    connection.execute(f"CREATE VIEW {_relation(name)} AS {rows}")


def load_derived(connection: duckdb.DuckDBPyConnection, derived: Derived, as_of: datetime, aside: Path | None = None) -> None:
    """Make the table `derived` from its inputs, which stand in `connection`; raises `ContractBroken` for a bad row.

    Where `aside` is given, and its inputs are large, it lies in files in that folder.
    """
    into, contract = quoted(derived.name), derived.table
    if derived.sql is not None:
        most = max((_count(connection, name) for name in derived.inputs), default=0)
        slices = _slices(connection, derived, put_in(derived.sql.strip().rstrip(";"), as_of=as_of))
        listed = ", ".join(map(quoted, contract.columns))
        queries = (f"SELECT {listed} FROM ({query})" for query in slices)  # noqa: S608  names from contracts, quoted
        if aside is not None and most > ASIDE_ROWS:
            typed = ", ".join(f"CAST({quoted(name)} AS {shown_type(contract, name)}) AS {quoted(name)}" for name in contract.columns)
            named = (f"SELECT {typed} FROM ({query})" for query in queries)  # noqa: S608  as above
            set_aside(connection, into, contract, [*contract.columns], named, aside)
            return
        for at, rows in enumerate(queries):
            connection.execute(f"INSERT INTO {into} {rows}" if at else f"CREATE TABLE {into} AS {rows}")
        return
    assert derived.derive is not None, "a derived table has SQL or a function"
    inputs = {name: list(rows_of(connection, name, chosen)) for name, chosen in derived.inputs.items()}
    lines = (json_line(plain(contract, contract.check(row))) for row in derived.derive(inputs, as_of))
    load_lines(connection, "derived_rows", stored_types(contract), lines)
    listed = ", ".join(f"{shown(contract, name)} AS {quoted(name)}" for name in contract.columns)
    connection.execute(f"CREATE TABLE {into} AS SELECT {listed} FROM derived_rows")  # noqa: S608  names from contracts, quoted
    connection.execute("DROP TABLE derived_rows")


def _slices(connection: duckdb.DuckDBPyConnection, derived: Derived, query: str) -> Iterator[str]:
    """`query`, or so many of it, each on a slice of the inputs, that all together give the same rows with less memory."""
    rows = max((_count(connection, name) for name in derived.slices), default=0)
    slices = min(-(-rows // SLICE_ROWS), MOST_SLICES)
    if slices <= 1:
        yield query
        return
    for at in range(slices):
        parts = ", ".join(f"{quoted(name)} AS NOT MATERIALIZED ({_slice(name, each, slices, at)})" for name, each in derived.slices.items())
        yield f"WITH {parts} SELECT * FROM ({query})"  # noqa: S608  names and conditions of contracts


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    counted = connection.execute(f"SELECT count(*) FROM {_relation(name)}").fetchone()  # noqa: S608  a contract's name, quoted
    return int(counted[0]) if counted else 0


def _slice(name: str, by: Slice, slices: int, at: int) -> str:
    mine = f"hash({', '.join(map(quoted, by.key))}) % {slices} = {at}"
    return f"SELECT * FROM main.{quoted(name)} WHERE ({by.where}) IS NOT TRUE OR {mine}"  # noqa: S608  as above


def rows_by_source(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    """Return how many rows the loaded table `name` has from each source."""
    counted = connection.execute(f"SELECT source, count(*) FROM {_relation(name)} GROUP BY source")  # noqa: S608  a contract's name, quoted
    return dict(counted.fetchall())


def standing_by_source(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path], as_of: datetime) -> dict[str, int]:
    """Return how many rows of table `name` from each source stood at `as_of`, those erased since among them."""
    if not files:
        return {}
    standing = open_changes(table(name), ["_source"])
    with reading(files):
        asked = f"SELECT _source, count(*) FROM ({standing}) GROUP BY _source"  # noqa: S608  names from contracts, quoted
        counted = connection.execute(put_in(asked, files=[*map(str, files)], as_of=as_of))
        return dict(counted.fetchall())


def rows_of(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of the loaded table `name` as dicts of `columns`; timestamps are aware and in UTC, durations `timedelta`."""
    listed = ", ".join(map(quoted, columns)) or "NULL"
    found = connection.execute(f"SELECT {listed} FROM {_relation(name)}")  # noqa: S608  names from contracts, quoted
    instants = [column for column, said in zip(columns, found.description or (), strict=False) if str(said[1]) == "TIMESTAMP"]
    while batch := found.fetchmany(10_000):
        for values in batch:
            row = dict(zip(columns, values, strict=False))
            for column in instants:
                row[column] = row[column] and row[column].replace(tzinfo=UTC)
            yield row


@contextmanager
def reading(files: Sequence[Path]) -> Iterator[None]:
    """Turn what DuckDB says of a change file that it cannot read into `Damaged`, naming the file."""
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException, duckdb.InternalException) as error:
        for file in files:
            if said := _unreadable(file):
                raise Damaged(f"change file {file} cannot be read; restore it from a backup: {said}") from error
        raise Damaged(f"the history cannot be read: {error}") from error


def _unreadable(file: Path) -> str:
    try:
        with lent() as connection:
            connection.execute("CREATE TABLE t AS SELECT * FROM read_parquet($file)", {"file": str(file)})
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


def naive(instant: datetime) -> datetime:
    """Return the aware `instant` as DuckDB holds it: in UTC, without a zone."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _relation(name: str) -> str:
    return ".".join(map(quoted, name.split(".")))
