"""A DuckDB connection that holds one frame and is then locked: no file, no network, no extension, no setting."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from upheld.checks.engines.job import Job
from upheld.checks.engines.tally import Flip, Limits, Tally, digest
from upheld.checks.verdict import Outcome

COLUMNS = ("subject", "label", "ok", "detail", "flips_at")
_TYPES = {"ok": "BOOLEAN", "flips_at": "TIMESTAMP"}
_SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "temp_directory": "",
}
# Reading lines of JSON sets buffers aside that it hardly touches; what a query may use is set when all is loaded.
_LOADING_BYTES = 2 << 30


class Session:
    """Judges queries on one frame, one after the other. Not for use by two threads."""

    def __init__(self, load: Callable[[duckdb.DuckDBPyConnection], None], limits: Limits, outcomes: Path | None = None) -> None:
        """Open DuckDB in memory, let `load` fill it, then lock it; only files below `outcomes` can be written afterwards."""
        self._limits = limits
        self._steps: set[str] = set()
        loading_bytes = max(limits.memory_bytes, _LOADING_BYTES)
        settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": f"{loading_bytes}B", "threads": limits.threads}
        self._connection = duckdb.connect(":memory:", config=settings)
        for name, value in _SETTINGS.items():
            self._connection.execute(f"SET {name} = {_quoted(value)}")
        # Tables in memory are compressed only in a database that asks for it; it takes a third of the memory.
        self._connection.execute("ATTACH ':memory:' AS frame (COMPRESS)")
        self._connection.execute("USE frame")
        load(self._connection)
        self._connection.execute("CHECKPOINT frame")
        self._lock(outcomes)

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()

    def tally(self, job: Job) -> Tally:
        """Run the query of `job` (already allowed by `lint`), and write its population where it says.

        A query that fails, takes too long or too much gives a tally whose `error` says so.
        """
        timer = Timer(self._limits.seconds, self._connection.interrupt)
        timer.start()
        try:
            return self._tally(job)
        except duckdb.Error as error:
            return Tally(error=self._why(error))
        finally:
            timer.cancel()
            self._connection.execute("DROP TABLE IF EXISTS temp.outcome")

    def _tally(self, job: Job) -> Tally:
        connection = self._connection
        if job.excepted:
            listed = "SELECT unnest(CAST($1 AS VARCHAR[])) AS subject"
            connection.execute(f"CREATE OR REPLACE TEMP TABLE excepted AS {listed}", [list(job.excepted)])
        try:
            self._make(job.steps)
        except duckdb.OutOfMemoryException:
            job = replace(job, rest="")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE outcome AS {_shaped(job, self._limits.rows)}")
        counts = connection.execute(_COUNTS).fetchone()
        assert counts is not None, "an aggregate gives one row"
        population, passed, failed, waived, unknown, named, distinct, flips_at = counts
        problem = self._problem(population, named, distinct)
        if problem:
            return Tally(error=problem)
        if job.outcomes is not None:
            self._write(job.outcomes)
        more = [column for column in job.columns if column not in COLUMNS]
        flips = self._flips(job.flips) if job.flips else ()
        return Tally(
            population=population,
            passed=passed,
            failed=failed,
            excepted=waived,
            unknown=unknown,
            failing=self._named("NOT ok", more),
            unknowns=self._named("ok IS NULL", more),
            flips_at=_aware(flips_at),
            flipping=self._flipping(flips_at) if flips_at else ("", ""),
            flips=flips[: job.flips],
            flips_until=flips[job.flips - 1].at if len(flips) > job.flips else None,
            digest=self._digest(population, passed),
        )

    def _make(self, steps: Sequence[tuple[str, str]]) -> None:
        """Make the tables `steps` that are not there yet, and drop those of other jobs."""
        wanted = dict(steps)
        for name in self._steps - wanted.keys():
            self._connection.execute(f"DROP TABLE temp.{_identifier(name)}")
            self._steps.discard(name)
        for name in wanted.keys() - self._steps:
            self._connection.execute(f"CREATE TEMP TABLE {_identifier(name)} AS {wanted[name]}")
            self._steps.add(name)

    def _flipping(self, at: datetime) -> tuple[str, str]:
        """The label and detail of the subject that flips first, by label where several do."""
        found = self._connection.execute(
            "SELECT label, detail FROM outcome WHERE ok AND flips_at = $1 ORDER BY ALL LIMIT 1", [at]
        ).fetchone()
        return (found[0] or "", found[1] or "") if found else ("", "")

    def _flips(self, most: int) -> tuple[Flip, ...]:
        """The next flips of those that pass, in order, one more than `most` if there are as many."""
        rows = self._connection.execute(
            f"SELECT flips_at, row_key, label, detail FROM outcome WHERE ok AND flips_at IS NOT NULL ORDER BY ALL LIMIT {most + 1}"  # noqa: S608
        ).fetchall()
        return tuple(Flip(at.replace(tzinfo=UTC), key, label or "", detail or "") for at, key, label, detail in rows)

    def _write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection.execute(
            f"COPY (SELECT * EXCLUDE (row_key) FROM outcome) TO {_quoted(str(file))} (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608  quoted
        )

    def _named(self, which: str, more: Sequence[str]) -> tuple[Outcome, ...]:
        listed = "".join(f", {_identifier(column)}" for column in more)
        rows = self._connection.execute(
            f"SELECT subject, label, ok, detail, flips_at, excepted{listed} FROM outcome WHERE {which} "  # noqa: S608  names are quoted
            f"ORDER BY excepted, subject LIMIT {self._limits.named}"
        ).fetchall()
        return tuple(_outcome(row, more) for row in rows)

    def _problem(self, population: int, named: int, distinct: int) -> str:
        if population > self._limits.rows:
            return f"the query gave more than {self._limits.rows:,} rows"
        if named < population:
            return f"the query gave {population - named:,} rows without a subject"
        if distinct < population:
            twice = self._connection.execute(
                "SELECT subject, count(*) FROM outcome GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
            ).fetchone()
            assert twice is not None, "fewer distinct subjects than rows"
            return f"the query gave {twice[1]} rows for one subject, {twice[0]!r}; it must give one row a subject"
        return ""

    def _digest(self, population: int, passed: int) -> str:
        lines = self._connection.execute(
            "SELECT string_agg(subject || chr(31) || coalesce(CAST(ok AS VARCHAR), 'unknown'), chr(10) ORDER BY subject) "
            "FROM outcome WHERE ok IS NOT TRUE"
        ).fetchone()
        return digest(population, passed, (lines and lines[0]) or "")

    def _lock(self, outcomes: Path | None) -> None:
        if outcomes is not None:
            self._connection.execute(f"SET allowed_directories = [{_quoted(f'{outcomes.resolve()}/')}]")
        self._connection.execute(f"SET memory_limit = '{self._limits.memory_bytes}B'")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def _why(self, error: duckdb.Error) -> str:
        if isinstance(error, duckdb.InterruptException):
            return f"the query was stopped after {self._limits.seconds:g} seconds"
        if isinstance(error, duckdb.OutOfMemoryException):
            return f"the query needs more than the {self._limits.memory_bytes >> 20:,} MB of memory it may use"
        return f"the query failed: {str(error).splitlines()[0]}"


_COUNTS = """
SELECT count(*), count(*) FILTER (ok), count(*) FILTER (NOT ok AND NOT excepted), count(*) FILTER (NOT ok AND excepted),
       count(*) FILTER (ok IS NULL), count(subject), count(DISTINCT hash(subject)), min(flips_at) FILTER (ok)
FROM outcome
"""


def _shaped(job: Job, rows: int) -> str:
    """The query with its outputs cast to what they must be, others to text, and whether each subject is excepted."""
    names = (*COLUMNS, *(column for column in job.columns if column not in COLUMNS))
    there = {*job.columns, *(["row_key"] if job.flips else [])}
    shown = [_cast(column, column in there) for column in (*names, "row_key")]
    waived = "coalesce(NOT ok AND CAST(subject AS VARCHAR) IN (SELECT subject FROM excepted), false)" if job.excepted else "false"
    # The query is written from a syntax tree that `lint` allowed; names are quoted.
    return f"SELECT {', '.join(shown)}, {waived} AS excepted FROM ({job.rest or job.query}) LIMIT {rows + 1}"  # noqa: S608


def _cast(column: str, is_there: bool) -> str:
    name = _identifier(column)
    return f"CAST({name if is_there else 'NULL'} AS {_TYPES.get(column, 'VARCHAR')}) AS {name}"


def _outcome(row: tuple[Any, ...], more: Sequence[str]) -> Outcome:
    subject, label, ok, detail, flips_at, excepted, *others = row
    shown = {name: value for name, value in zip(more, others, strict=True) if value is not None}
    return Outcome(subject, label or subject, ok, detail or "", _aware(flips_at), bool(excepted), shown)


def _aware(naive: datetime | None) -> datetime | None:
    return naive and naive.replace(tzinfo=UTC)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
