"""DuckDB as used here: in memory, its names quoted, values bound or brought in through files."""

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import duckdb

from upheld.evidence.table import Kind, Table

# A longer line of JSON is refused by DuckDB; a row may well hold several attributes of a megabyte.
LONGEST_LINE_BYTES = 256 * 1024 * 1024
PARTIAL = ".part"

# What JSON has no word for travels as text: bytes as hex, and reals, which may be infinite.
_AS_TEXT = {"BLOB": "unhex({})", "DOUBLE": "CAST({} AS DOUBLE)"}


def quoted(name: str) -> str:
    """Return the column or table name `name` as DuckDB reads any name."""
    return '"' + name.replace('"', '""') + '"'


def connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Return an empty DuckDB in memory, on `threads`."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    return connection


class _Shared:
    """One DuckDB for many borrowers, started by the first; a copy of this process starts its own."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pid = os.getpid()
        self._connection: duckdb.DuckDBPyConnection | None = None

    @property
    def here(self) -> bool:
        """Whether it is of this process, and not of the one that this is a copy of."""
        return self._pid == os.getpid()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a further connection to it."""
        if self._connection is None:
            self._connection = connect(self._threads)
        return self._connection.cursor()

    def end(self) -> None:
        """Let the next borrower start another."""
        if self._connection is not None and self.here:
            self._connection.close()
            self._connection = None


_SHARED: ContextVar[_Shared | None] = ContextVar("_SHARED", default=None)


@contextmanager
def sharing(threads: int = 2) -> Iterator[None]:
    """Let every `lent` within share one DuckDB: starting one takes 10 CPU-ms, which a collection of 160 tables would pay 160 times.

    Within another `sharing`, that one's is used.
    """
    if (outer := _SHARED.get()) and outer.here:
        yield
        return
    shared = _Shared(threads)
    token = _SHARED.set(shared)
    try:
        yield
    finally:
        _SHARED.reset(token)
        shared.end()


@contextmanager
def lent() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend an empty DuckDB: within `sharing` a database of its own in the shared one, which is gone afterwards, else one by itself."""
    shared = _SHARED.get()
    if shared is None or not shared.here:
        with connect() as connection:
            yield connection
        return
    own = quoted(secrets.token_hex(8))
    with shared.cursor() as connection:
        try:
            connection.execute(f"ATTACH ':memory:' AS {own}; USE {own}")
            yield connection
        except (duckdb.FatalException, duckdb.InternalException):  # after these it answers nobody any more
            shared.end()
            raise
        finally:
            with suppress(duckdb.Error):  # what went wrong within is the one to hear of
                connection.execute(f"USE memory; DETACH {own}")


def stored_types(table: Table) -> dict[str, str]:
    """Return the DuckDB type of each column of `table` as it lies in Parquet."""
    return {name: column.kind.stored for name, column in table.columns.items()}


def shown(table: Table, name: str) -> str:
    """Return the SQL that turns column `name` of `table` from what lies in Parquet into what measures see."""
    return f"to_microseconds({quoted(name)})" if table.columns[name].kind is Kind.DURATION else quoted(name)


def shown_type(table: Table, name: str) -> str:
    """Return the DuckDB type under which measures see column `name` of `table`."""
    kind = table.columns[name].kind
    return "INTERVAL" if kind is Kind.DURATION else kind.stored


def load_lines(
    connection: duckdb.DuckDBPyConnection, into: str, types: Mapping[str, str], lines: Iterable[bytes], *, beside: Path | None = None
) -> int:
    """Make the table `into` with columns of `types` from `lines` of JSON (without nulls), and return how many rows it has.

    A temporary file of JSON is the fastest way in without Arrow: 0.35 CPU-s for 50,000 rows of 25 columns, where
    list parameters took 74 (benchmarks/history.py). It lies in `beside`, else in the system's temporary folder, and
    only its owner can read it. Raises `OSError` when it cannot be written.
    """
    coming = iter(lines)
    first = next(coming, None)
    if first is None:
        connection.execute(f"CREATE TABLE {into} AS {nothing(types)}")
        return 0
    with NamedTemporaryFile(dir=beside, prefix=".", suffix=f".json{PARTIAL}") as file:
        file.write(first)
        file.writelines(coming)
        file.flush()
        wire = ", ".join(f"{literal(name)}: '{'VARCHAR' if kind in _AS_TEXT else kind}'" for name, kind in types.items())
        columns = ", ".join(_AS_TEXT.get(kind, "{}").format(quoted(name)) + f" AS {quoted(name)}" for name, kind in types.items())
        made = connection.execute(
            f"CREATE TABLE {into} AS SELECT {columns} FROM read_json({literal(file.name)}, format = 'newline_delimited', "  # noqa: S608
            f"columns = {{{wire}}}, maximum_object_size = {LONGEST_LINE_BYTES})"
        ).fetchone()
    assert made is not None, "CREATE TABLE AS says how many rows it made"
    return int(made[0])


def put_in(query: str, **values: str | datetime | Sequence[str]) -> str:
    """Return `query` with the literal of each value in place of its $name; instants are put in in UTC, without a zone.

    DuckDB looks for pandas whenever a value is bound to a statement, and where it is installed, loads it: 0.3 CPU-s.
    """
    return re.sub(r"\$([a-z_]+)", lambda found: _literal(values[found[1]]) if found[1] in values else found[0], query)


def _literal(value: str | datetime | Sequence[str]) -> str:
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"
    return literal(value) if isinstance(value, str) else f"CAST([{', '.join(map(literal, value))}] AS VARCHAR[])"


def nothing(types: Mapping[str, str]) -> str:
    """Return the SQL of a relation without rows, with columns of `types`."""
    return f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {quoted(name)}' for name, kind in types.items())} WHERE false"


def literal(text: str) -> str:
    """Return `text` as a literal of SQL, as COPY takes no bound file name."""
    return "'" + text.replace("'", "''") + "'"
