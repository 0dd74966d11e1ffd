"""DuckDB for queries that nobody here vouches for: rows are loaded by us, then it is locked, and only then is anything of the bundle run.

No file, no network, no extension, no setting, one thread, limits on memory, seconds and rows; one SELECT at a time.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from threading import Timer
from typing import Any

from upheld.ledger.verify.bundle.contracts import STORED, Contract
from upheld.ledger.verify.bundle.rows import Values

_SINCE = {"source": "VARCHAR", "seen_from_at": "TIMESTAMP"}
_THROUGH = _SINCE | {"seen_until_at": "TIMESTAMP", "ended": "VARCHAR"}
_GAPS = dict.fromkeys(("source", "table_name", "column_name", "kind", "why"), "VARCHAR")
_SETTINGS = (
    "SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET allow_community_extensions = false",
    "SET allow_persistent_secrets = false", "SET python_enable_replacements = false", "SET temp_directory = ''",
)  # fmt: skip
_LONGEST_ROW_BYTES = 256 << 20
_LOADING_BYTES = 2 << 30  # reading lines of JSON sets buffers aside that it hardly touches


@dataclass(frozen=True)
class Limits:
    """How far a query may go: seconds, bytes of memory, rows; and how long the rows may take to load."""

    seconds: float = 60.0
    memory_bytes: int = 2 << 30
    rows: int = 5_000_000
    load_seconds: float = 600.0
    answer_bytes: int = 256 << 20

    def fitting(self, tables: "Sequence[Table]") -> "Limits":
        """Return these limits, with as many rows as queries over `tables` may give: at most twice what they hold."""
        return replace(self, rows=max(self.rows, 2 * sum(len(each.now) for each in tables)))


@dataclass(frozen=True)
class Table:
    """A table's rows as of an instant, and through time where the bundle has them so."""

    contract: Contract
    now: Sequence[Values]
    past: Sequence[Values] | None


@dataclass(frozen=True)
class Question:
    """What to run for one measure: its query, the one that ran ("" if unknown), tables to derive first, subjects excepted, gaps told."""

    measure: str
    query: str
    ran: str
    derived: tuple[tuple[str, str], ...]
    excepted: tuple[str, ...]
    gaps: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Tally:
    """What a query gave. `subjects` are those that do not pass: subject, ok, label, detail, excepted. `otherwise`: how what ran differs."""

    population: int = 0
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    excepted: int = 0
    subjects: tuple[tuple[str, bool | None, str, str, bool], ...] = ()
    flips_at: str | None = None
    otherwise: str = ""
    error: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)

    @classmethod
    def said(cls, plain: dict[str, Any]) -> "Tally":
        """Return what `plain` made; raises `TypeError` or `KeyError` for anything else."""
        named = {name: plain[name] for name in cls.__dataclass_fields__}
        return cls(**(named | {"subjects": tuple(tuple(each) for each in named["subjects"])}))


def run(tables: Sequence[Table], questions: Sequence[Question], limits: Limits) -> Iterator[tuple[str, Tally]]:
    """Yield what each of `questions` gives on `tables`, by measure; under the name "" why none could be asked."""
    try:
        import duckdb  # noqa: PLC0415  nothing else here needs it, and whoever does not re-perform need not have it
    except ImportError:
        yield "", Tally(error="the Python package duckdb is not installed: pip install duckdb")
        return
    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": f"{max(limits.memory_bytes, _LOADING_BYTES)}B"})
    try:
        _load(connection, tables, questions)
    except (duckdb.Error, OSError, MemoryError) as error:
        yield "", Tally(error=f"the rows could not be loaded: {_first_line(error)}")
        return
    _lock(connection, limits)
    lost = _derive(connection, questions, limits)
    for each in questions:
        with _ended_after(connection, limits.seconds):
            try:
                yield each.measure, _asked(connection, each, limits)
            except duckdb.InterruptException:
                yield each.measure, Tally(error=f"the query was stopped after {limits.seconds:g} seconds")
            except (duckdb.Error, MemoryError, ValueError) as error:
                yield each.measure, Tally(error="; ".join([f"the query failed: {_first_line(error)}", *lost]))


@contextmanager
def _ended_after(connection: Any, seconds: float) -> Iterator[None]:
    timer = Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _derive(connection: Any, questions: Sequence[Question], limits: Limits) -> list[str]:
    """Make the derived tables, and return a sentence for each that could not be made: what reads it will fail."""
    import duckdb  # noqa: PLC0415  as in `run`

    lost = []
    for name, query in dict(pair for each in questions for pair in each.derived).items():
        with _ended_after(connection, limits.seconds):
            try:
                connection.execute(f"CREATE TABLE {_quoted(name)} AS FROM ({_select(connection, query)}\n)")
            except (duckdb.Error, MemoryError, ValueError) as error:
                lost.append(f"{name} could not be derived: {_first_line(error)}")
    return lost


def _lock(connection: Any, limits: Limits) -> None:
    connection.execute(f"SET memory_limit = '{limits.memory_bytes}B'")
    for setting in _SETTINGS:
        connection.execute(setting)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _asked(connection: Any, question: Question, limits: Limits) -> Tally:
    columns = ", ".join(f"{name} {kind}" for name, kind in _GAPS.items())
    connection.execute(f"CREATE OR REPLACE TABLE gaps ({columns})")
    for gap in question.gaps:
        said = dict(gap)
        connection.execute("INSERT INTO gaps VALUES (?, ?, ?, ?, ?)", [said.get(name) for name in _GAPS])
    found = _tally(connection, question.query, question.excepted, limits)
    if not question.ran:
        return found
    ran = _tally(connection, question.ran, question.excepted, limits)
    return found if ran == found else replace(found, otherwise=f"{ran.passed:,} of {ran.population:,} pass there")


def _tally(connection: Any, query: str, excepted: Sequence[str], limits: Limits) -> Tally:
    said = connection.execute(f"SELECT * FROM ({_select(connection, query)}\n) LIMIT 0").description  # noqa: S608  locked by now
    there = {str(column[0]).lower() for column in said}
    shown = ", ".join(
        f"CAST({_quoted(name) if name in there else 'NULL'} AS {kind}) AS {name}"
        for name, kind in (
            ("subject", "VARCHAR"),
            ("label", "VARCHAR"),
            ("ok", "BOOLEAN"),
            ("detail", "VARCHAR"),
            ("flips_at", "TIMESTAMP"),
        )
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE outcome AS SELECT {shown} FROM ({_select(connection, query)}\n) LIMIT {limits.rows + 1}"  # noqa: S608  locked by now
    )
    population, named, distinct, passed, flips_at = connection.execute(
        "SELECT count(*), count(subject), count(DISTINCT subject), count(*) FILTER (ok), min(flips_at) FILTER (ok) FROM outcome"
    ).fetchone()
    if population > limits.rows or named < population or distinct < population:
        raise ValueError("it does not give one row a subject, or too many rows")
    rest = connection.execute("SELECT subject, ok, label, detail FROM outcome WHERE ok IS NOT TRUE ORDER BY subject").fetchall()
    waived = set(excepted)
    subjects = tuple(
        (subject, ok, label or subject, detail or "", ok is False and subject in waived) for subject, ok, label, detail in rest
    )
    unknown, spared = sum(each[1] is None for each in subjects), sum(each[4] for each in subjects)
    return Tally(population, passed, len(subjects) - unknown - spared, unknown, spared, subjects, _instant(flips_at))


def _select(connection: Any, query: str) -> str:
    """Return `query` if it is one SELECT; raises `ValueError` otherwise."""
    statements = connection.extract_statements(query)
    if len(statements) != 1 or str(statements[0].type).rpartition(".")[2] not in ("SELECT", "SELECT_STATEMENT"):
        raise ValueError("it is not one SELECT")
    return str(statements[0].query).strip().rstrip(";")


def _load(connection: Any, tables: Sequence[Table], questions: Sequence[Question]) -> None:
    connection.execute("CREATE SCHEMA history")
    for table in tables:
        _make(connection, _quoted(table.contract.name), table.contract, _SINCE, table.now)
        if table.past is not None:
            _make(connection, f"history.{_quoted(table.contract.name)}", table.contract, _THROUGH, table.past)


def _make(connection: Any, into: str, contract: Contract, more: dict[str, str], lines: Sequence[Values]) -> None:
    """Make the table `into` through a file of JSON, the fastest way in that needs no other package."""
    types = {name: STORED[kind] for name, kind in contract.kinds.items()} | more
    shown = ", ".join(f"{_shown(name, contract)} AS {_quoted(name)}" for name in types)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.flush()
        wire = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in types.items())
        reading = (
            f"read_json({_text(file.name)}, format = 'newline_delimited', columns = {{{wire}}}, maximum_object_size = {_LONGEST_ROW_BYTES})"
        )
        empty = f"(SELECT {', '.join(f'CAST(NULL AS {kind}) AS {_quoted(name)}' for name, kind in types.items())} WHERE false)"
        connection.execute(f"CREATE TABLE {into} AS SELECT {shown} FROM {reading if lines else empty}")  # noqa: S608  names are quoted


def _shown(name: str, contract: Contract) -> str:
    kind = contract.kinds.get(name)
    if kind == "duration":
        return f"to_microseconds({_quoted(name)})"
    return f"CAST({_quoted(name)} AS DOUBLE)" if kind == "real" else _quoted(name)


def _instant(naive: datetime | None) -> str | None:
    return None if naive is None else naive.isoformat(timespec="microseconds") + "Z"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
