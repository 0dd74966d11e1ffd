"""What every measure's test uses: rows in, verdict out, compared with `==`.

    def test_a_failed_restore_proves_nothing(judged):
        verdict = judged("backup/restore_proven", systems=[system("crm")], restore_tests=[restore("crm", content_verified=False)])
        assert verdict == broken(population=1, failing=[("crm", "never proven")])

Fixtures as data, so that mutants and Spark can judge them again: `tests/measures/<chapter>/test_<name>.py` holds

    MEASURE = "backup/restore_proven"
    CASES = {
        "upheld": Case(upheld(population=1), systems=[system("crm")], restore_tests=[restore("crm")]),
        "never restored": Case(broken(population=1, failing=[("crm", "never proven")]), systems=[system("crm")], restore_tests=[]),
        "not known whether it serves": Case(unproven("1 of 1 systems"), systems=[system("crm", in_operation=None)], restore_tests=[]),
        "no system": Case(unproven("no systems are in scope"), systems=[], restore_tests=[]),
        "stale": Case(unproven("stale"), stale=["restore_tests"], systems=[system("crm")], restore_tests=[restore("crm")]),
    }

    @pytest.mark.parametrize("name", CASES)
    def test_a_verdict(judged, name):
        CASES[name].check(judged, MEASURE)

Every keyword that is no option of `Case` or `judged` is a table with its rows. A table that is not named is one that
nobody fills. Rows are mappings that keep the table's contract; columns left out are NULL, times are aware. A row may
also say `source` (default "test"). Rows through time are given as `history={"accounts": [...]}`, each with `seen_from_at`,
`seen_until_at` and `ended`; a table given there needs no keyword of its own when its rows are all over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pytest
from tests.rows import load, through_time

from upheld.checks import library
from upheld.checks.engines.job import Job
from upheld.checks.engines.needs import Needs
from upheld.checks.engines.session import Session
from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.judge import judge
from upheld.checks.measure import GAPS, Measure
from upheld.checks.parameters import Parameters
from upheld.checks.verdict import State, Verdict
from upheld.evidence.collection import Coverage, Gap, GapKind
from upheld.evidence.frame import Filled, Frame
from upheld.evidence.table import table

AS_OF = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Row = Mapping[str, Any]
LIMITS = Limits(seconds=10.0, memory_bytes=256 << 20, threads=1)


@dataclass(frozen=True, eq=False)
class Expected:
    """What a verdict must say, compared with `==`; what is None is not compared. `reason` must be contained, `failing` be complete."""

    state: State
    population: int | None = None
    failing: tuple[tuple[str, str], ...] | None = None
    reason: str = ""
    flips_at: datetime | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return (
            other.state is self.state
            and self.population in (None, other.population)
            and self.failing in (None, tuple((each.subject, each.detail) for each in other.failing))
            and self.flips_at in (None, other.flips_at)
            and self.reason.lower() in other.reason.lower()
        )


def upheld(population: int | None = None, *, flips_at: datetime | None = None) -> Expected:
    """All of `population` pass, and nothing flips within the warning."""
    return Expected(State.UPHELD, population, flips_at=flips_at)


def at_risk(population: int | None = None, *, flips_at: datetime | None = None) -> Expected:
    """All pass, but one flips at `flips_at`, within the warning."""
    return Expected(State.AT_RISK, population, flips_at=flips_at)


def broken(population: int | None = None, failing: Iterable[tuple[str, str]] | None = None, reason: str = "") -> Expected:
    """Exactly `failing` (subject, detail) fail, in order of subject."""
    return Expected(State.BROKEN, population, None if failing is None else tuple(failing), reason)


def excepted(population: int | None = None, failing: Iterable[tuple[str, str]] | None = None) -> Expected:
    """All of `failing` are under exceptions."""
    return Expected(State.EXCEPTED, population, None if failing is None else tuple(failing))


def unproven(reason: str = "", population: int | None = None) -> Expected:
    """Not shown, for a reason that contains `reason`."""
    return Expected(State.UNPROVEN, population, reason=reason)


class Judged(Protocol):
    """Judge one measure on rows; `judge_rows` says what may be given."""

    def __call__(self, measure: str | Measure, **given: Any) -> Verdict: ...


class Case:
    """One fixture as data: what is expected, options of `judged`, and tables by keyword."""

    def __init__(self, expected: Expected, **given: Any) -> None:
        self.expected = expected
        self.given = given

    def check(self, judged: Judged, measure: str | Measure) -> None:
        """Judge and compare."""
        assert judged(measure, **self.given) == self.expected


@pytest.fixture
def judged() -> Judged:
    """Judge a measure (an id, or a parsed one) on rows, in this process, with the engine's own locked connection."""
    return judge_rows


def judge_rows(
    measure: str | Measure,
    *,
    as_of: datetime = AS_OF,
    stale: Sequence[str] = (),
    partial: Sequence[str] = (),
    denied: Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    exceptions: Mapping[str, datetime] | None = None,
    history: Mapping[str, Sequence[Row]] | None = None,
    **tables: Sequence[Row],
) -> Verdict:
    """Return the verdict on `measure` (an id, or a parsed one) with `tables` filled and all others filled by nobody.

    `stale` and `partial` name tables whose source is late, or never read all; `denied` says "table.column" -> why;
    `parameters` are values as TOML has them, by name; `exceptions` subjects and until when; `history` rows through time.
    """
    one = shipped()[measure] if isinstance(measure, str) else measure
    rows = _rows(tables, history or {}, denied or {}, as_of)
    filled = {name: [_filled(name, as_of, rows, stale, partial, denied or {})] for name in {*tables, *(history or {})}}
    frame = Frame(as_of=as_of, files={}, filled=filled)

    def engine(frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> dict[str, Tally]:
        if not jobs:
            return {}
        session = Session(lambda connection: load(connection, rows, one.reads, as_of), limits)
        try:
            return {job.measure: session.tally(job.query, job.columns, job.excepted) for job in jobs}
        finally:
            session.close()

    values = declared().overridden({one.chapter: parameters} if parameters else {})
    (verdict,) = judge([one], frame, values, {one.id: exceptions or {}}, limits=LIMITS, engine=engine)
    return verdict


@cache
def shipped() -> Mapping[str, Measure]:
    """Every shipped measure, read once for all tests."""
    return library.shipped()


@cache
def declared() -> Parameters:
    """Every shipped parameter at its default."""
    return library.parameters_in_force()


def _rows(
    tables: Mapping[str, Sequence[Row]],
    history: Mapping[str, Sequence[Row]],
    denied: Mapping[str, str],
    as_of: datetime,
) -> dict[str, list[dict[str, Any]]]:
    """The rows of plain tables and through time: what is current is in both, and rows of `history` without an end are current."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in {*tables, *history}:
        past = [through_time(row, as_of) for row in history.get(name, ())]
        current = [through_time(row, as_of) for row in tables.get(name, ())]
        for row in past + current:
            table(name).check({column: value for column, value in row.items() if column in table(name).columns})
        rows[f"history.{name}"] = past + current
        rows[name] = current + [row for row in past if row["seen_until_at"] is None]
    rows[GAPS] = [
        {"source": "test", "table_name": name, "column_name": column, "kind": "denied", "why": why}
        for name in {*tables, *history}
        for column, why in _columns(name, denied)
    ]
    return rows


def _filled(
    name: str,
    as_of: datetime,
    rows: Mapping[str, Sequence[Row]],
    stale: Sequence[str],
    partial: Sequence[str],
    denied: Mapping[str, str],
) -> Filled:
    fresh_for = table(name).fresh_for
    seen_at = as_of - (fresh_for + timedelta(days=1) if name in stale else timedelta(hours=1))
    gaps = tuple(Gap(name, column, GapKind.DENIED, why) for column, why in _columns(name, denied))
    return Filled(
        table=name,
        source="test",
        collection="collection-1",
        seen_at=seen_at,
        complete_at=None if name in partial else seen_at,
        stale_at=seen_at + fresh_for,
        coverage=Coverage.PARTIAL if name in partial else Coverage.COMPLETE,
        rows=len(rows[name]),
        digest=f"digest of {name}",
        gaps=gaps,
        cut_short=("the connection dropped",) if name in partial else (),
    )


def _columns(name: str, denied: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(place.partition(".")[2], why) for place, why in denied.items() if place.partition(".")[0] == name]
