"""A DuckDB connection that holds one frame and is then locked: no file, no network, no extension, no setting."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Timer

import duckdb

from upheld.checks.engines.counting import Counting, Marks
from upheld.checks.engines.exchanging import exchanged
from upheld.checks.engines.job import AFTER, ALL, BEFORE, BOTH, Job
from upheld.checks.engines.stepping import Unlike, keep
from upheld.checks.engines.tally import Limits, Tally
from upheld.evidence.duck import put_in, quoted

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
# So many times the memory may lie on the disk.
_SPILLED = 6
_TOLD = "memory.main.outcome_told"


class Session:
    """Judges queries on one frame, one after the other. Not for use by two threads."""

    def __init__(
        self, load: Callable[[duckdb.DuckDBPyConnection], None], limits: Limits, outcomes: Path | None = None, aside: Path | None = None
    ) -> None:
        """Open DuckDB in memory, let `load` fill it, then lock it; only files below `outcomes` can be written afterwards.

        So can those in `aside`, where there is one: what `load` put there is read, and what finds no memory waits there.
        """
        self._limits = limits
        self._steps: dict[str, set[str]] = {}
        self._apart: set[Marks] = set()
        self._told: dict[str, Tally] = {}
        self._kept: set[str] = set()
        self._connection = self._opened()
        if aside is not None:
            self._spill(aside, limits)
        load(self._connection)
        self._on = {ALL: self._connection} | {name: self._used(name) for name in (BEFORE, AFTER) if self._has(name)}
        self._lock([each for each in (outcomes, aside) if each is not None])

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()

    def tally(self, job: Job) -> Tally:
        """Run the query of `job` (already allowed by `lint`), and write its population where it says.

        A query that fails, takes too long or too much gives a tally whose `error` says so.
        """
        timer = Timer(self._limits.seconds, self._interrupt)
        timer.start()
        try:
            return self._told_apart(job) if job.on == BOTH else self._tally(job)
        except duckdb.Error as error:
            return Tally(error=self._why(error))
        except Unlike as error:
            return Tally(error=str(error))
        finally:
            timer.cancel()

    def _opened(self) -> duckdb.DuckDBPyConnection:
        """Return a connection to an empty database for the frame."""
        loading_bytes = max(self._limits.memory_bytes, _LOADING_BYTES)
        settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": f"{loading_bytes}B", "threads": self._limits.threads}
        connection = duckdb.connect(":memory:", config=settings)
        for name, value in _SETTINGS.items():
            connection.execute(f"SET {name} = {_quoted(value)}")
        # Tables in memory are compressed only in a database that asks for it; it takes a third of the memory.
        connection.execute("ATTACH ':memory:' AS frame (COMPRESS)")
        connection.execute("USE frame")
        return connection

    def _interrupt(self) -> None:
        for connection in self._on.values():
            connection.interrupt()

    def _tally(self, job: Job) -> Tally:
        if job.was is not None:
            return exchanged(self._on, self._ready(job.was), self._ready(job), self._limits, self._apart)
        return Counting(self._on[job.on], self._ready(job), self._limits, self._apart).tally()

    def _ready(self, job: Job) -> Job:
        """`job` with all there that it reads: kept steps, who is excepted, and, unless there is no memory for them, shared steps."""
        for step in [each for each in job.kept if each.name not in self._kept]:
            keep(self._on, step)
            self._kept.add(step.name)
        if job.excepted:
            listed = "CREATE OR REPLACE TEMP TABLE excepted AS SELECT unnest($subjects) AS subject"
            self._on[job.on].execute(put_in(listed, subjects=job.excepted))
        try:
            self._make(job.on, job.steps)
        except duckdb.OutOfMemoryException:
            return replace(job, rest="")
        return job

    def _told_apart(self, job: Job) -> Tally:
        """How many rows the query gives on changed rows as they were and not as they are, or the other way round.

        Judgements of one measure mostly ask for the same steps: these are compared once.
        """
        if job.query not in self._told:
            self._told[job.query] = self._compared(job)
        return self._told[job.query]

    def _compared(self, job: Job) -> Tally:
        for side, on in enumerate((BEFORE, AFTER)):
            into = f"INSERT INTO {_TOLD}" if side else f"CREATE OR REPLACE TABLE {_TOLD} AS"
            self._on[on].execute(f'{into} SELECT {side} AS "/side", * FROM ({job.query})')  # noqa: S608  written from an allowed syntax tree
        alike = 'GROUP BY ALL HAVING count(*) FILTER ("/side" = 0) <> count(*) FILTER ("/side" = 1)'
        counted = self._connection.execute(
            f'SELECT count(*) FROM (SELECT * EXCLUDE ("/side") FROM {_TOLD} {alike})'  # noqa: S608  a fixed name
        ).fetchone()
        assert counted is not None, "an aggregate gives one row"
        return Tally(population=counted[0])

    def _used(self, database: str) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"USE {database}")
        return cursor

    def _has(self, database: str) -> bool:
        return (database,) in self._connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()

    def _make(self, on: str, steps: Sequence[tuple[str, str]]) -> None:
        """Make the tables `steps` that are not there yet, and drop those of other jobs."""
        wanted, made, connection = dict(steps), self._steps.setdefault(on, set()), self._on[on]
        for name in made - wanted.keys():
            connection.execute(f"DROP TABLE temp.{quoted(name)}")
            made.discard(name)
        for name in wanted.keys() - made:
            connection.execute(f"CREATE TEMP TABLE {quoted(name)} AS {wanted[name]}")
            made.add(name)

    def _spill(self, aside: Path, limits: Limits) -> None:
        """Let what finds no memory wait in `aside`, in no order: nobody is told rows in the order of a table."""
        self._connection.execute(f"SET temp_directory = {_quoted(aside / 'spilled')}")
        self._connection.execute(f"SET max_temp_directory_size = '{_SPILLED * limits.memory_bytes}B'")
        self._connection.execute("SET preserve_insertion_order = false")

    def _lock(self, folders: Sequence[Path]) -> None:
        if folders:
            listed = ", ".join(_quoted(f"{folder.resolve()}/") for folder in folders)
            self._connection.execute(f"SET allowed_directories = [{listed}]")
        self._connection.execute(f"SET memory_limit = '{self._limits.memory_bytes}B'")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def _why(self, error: duckdb.Error) -> str:
        if isinstance(error, duckdb.InterruptException):
            return f"the query was stopped after {self._limits.seconds:g} seconds"
        if isinstance(error, duckdb.OutOfMemoryException):
            return f"the query needs more than the {self._limits.memory_bytes >> 20:,} MB of memory it may use"
        return f"the query failed: {str(error).splitlines()[0]}"


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
