"""A stage: one fixture's rows loaded once, on which a measure and its mutants can be judged, on the engine's own locked connection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
from tests.rows import Row, load, standing

from upheld.checks import library, sql
from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.session import Session
from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.judge import Prepared, conclude, judge, prepare, said
from upheld.checks.measure import GAPS, Measure
from upheld.checks.parameters import Parameters
from upheld.checks.verdict import Verdict
from upheld.evidence.collection import Coverage, Gap, GapKind
from upheld.evidence.frame import Filled, Frame
from upheld.evidence.table import table

AS_OF = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LIMITS = Limits(seconds=10.0, memory_bytes=256 << 20, threads=1)


@dataclass(frozen=True)
class Given:
    """What a fixture gives; `Judged` says what each is."""

    tables: Mapping[str, Sequence[Row]]
    as_of: datetime = AS_OF
    stale: Sequence[str] = ()
    partial: Sequence[str] = ()
    denied: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    exceptions: Mapping[str, datetime] = field(default_factory=dict)
    history: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    @property
    def filled(self) -> frozenset[str]:
        """The tables that some source fills."""
        return frozenset({*self.tables, *self.history})


class _Quick(Session):
    """The engine's session in a database of its own within one locked DuckDB: to start one takes ten times what this does."""

    def _opened(self) -> duckdb.DuckDBPyConnection:
        connection, self.name = apart()
        return connection

    def _lock(self, folders: Sequence[Path]) -> None:
        """Nothing: the DuckDB was locked when it was made."""

    def close(self) -> None:
        """Drop the database."""
        self._connection.execute(f"USE memory; DETACH {self.name}")
        self._connection.close()


def apart() -> tuple[duckdb.DuckDBPyConnection, str]:
    """Return a connection to a new database within the locked DuckDB, and its name there; `DETACH` drops it."""
    connection, name = _locked()._connection.cursor(), f"frame_{next(_made)}"
    connection.execute(f"ATTACH ':memory:' AS {name}; USE {name}")
    return connection, name


@cache
def _locked() -> Session:
    return Session(lambda _: None, LIMITS)


_made = count()


class Stage:
    """The rows of `given` for `measure`, loaded once, and shown to `look` before they are locked. Close it, or use it as a context."""

    def __init__(self, measure: Measure, given: Given, look: Callable[[duckdb.DuckDBPyConnection], None] = lambda _: None) -> None:
        self.measure = measure
        self.given = given
        self.rows = _rows(given)
        self.frame = Frame(given.as_of, {}, {name: [_filled(name, given, len(self.rows[name]))] for name in given.filled})
        self.parameters = declared().overridden({measure.chapter: given.parameters} if given.parameters else {})
        self.session = _Quick(lambda connection: self._load(connection, look), LIMITS)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def judge(self) -> Verdict:
        """Judge the measure, just as the product does."""
        exceptions = {self.measure.id: self.given.exceptions}
        (verdict,) = judge([self.measure], self.frame, self.parameters, exceptions, limits=LIMITS, engine=self._run)
        return verdict

    def judge_unlinted(self, mutant: Measure) -> Verdict:
        """Judge `mutant`, the measure with another query, whether or not `lint` would let it run."""
        ready = self.ready
        if ready.job is None:
            return conclude(ready, {}, self.frame)
        job = Job(mutant.id, _said(mutant, self.parameters, self.given), tuple(sql.outputs(mutant.tree)), ready.job.excepted)
        return conclude(replace(ready, job=job), {mutant.id: self.session.tally(job)}, self.frame)

    @cached_property
    def ready(self) -> Prepared:
        """What is to be judged, or why it cannot be."""
        return prepare(self.measure, self.frame, self.parameters, self.given.exceptions)

    def _load(self, connection: duckdb.DuckDBPyConnection, look: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        load(connection, self.rows, self.measure.reads, self.given.as_of)
        look(connection)

    def _run(self, frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> dict[str, Tally]:
        return {job.measure: self.session.tally(job) for job in jobs}


@cache
def shipped() -> Mapping[str, Measure]:
    """Every shipped measure, read once for all tests."""
    return library.shipped()


@cache
def declared() -> Parameters:
    """Every shipped parameter at its default."""
    return library.parameters_in_force()


def _said(measure: Measure, parameters: Parameters, given: Given) -> str:
    """Return the query of `measure` as it runs; written once for all fixtures that give it the same values."""
    key = (measure.id, measure.query, given.as_of, repr(given.parameters))
    if key not in _written:
        _written.clear()  # mutants come one after the other
        _written[key] = said(measure, parameters, given.as_of)
    return _written[key]


_written: dict[tuple[str, str, datetime, str], str] = {}


def _rows(given: Given) -> dict[str, list[dict[str, Any]]]:
    """The rows of plain tables and through time: what is current is in both, and rows of `history` without an end are current."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in given.filled:
        past = [standing(row, given.as_of) for row in given.history.get(name, ())]
        current = [standing(row, given.as_of) for row in given.tables.get(name, ())]
        for row in past + current:
            table(name).check({column: value for column, value in row.items() if column in table(name).columns})
        rows[f"history.{name}"] = past + current
        rows[name] = current + [row for row in past if row["seen_until_at"] is None]
    rows[GAPS] = [
        {"source": "test", "table_name": gap.table, "column_name": gap.column, "kind": gap.kind.value, "why": gap.why}
        for name in given.filled
        for gap in _gaps(name, given)
    ]
    return rows


def _filled(name: str, given: Given, rows: int) -> Filled:
    fresh_for = table(name).fresh_for
    late = name in given.stale
    partial = name in given.partial
    seen_at = given.as_of - (fresh_for + timedelta(days=1) if late else timedelta(hours=1))
    return Filled(
        table=name,
        source="test",
        collection="collection-1",
        seen_at=seen_at,
        complete_at=None if partial else seen_at,
        stale_at=seen_at + fresh_for,
        coverage=Coverage.PARTIAL if partial else Coverage.COMPLETE,
        rows=rows,
        digest=f"digest of {name}",
        gaps=_gaps(name, given),
        cut_short=("the connection dropped",) if partial else (),
    )


def _gaps(name: str, given: Given) -> tuple[Gap, ...]:
    places = ((place.partition("."), why) for place, why in given.denied.items())
    return tuple(Gap(name, column, GapKind.DENIED, why) for (held, _, column), why in places if held == name)
