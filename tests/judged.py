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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol

import pytest
from tests.rows import Row
from tests.stage import AS_OF, Given, Stage, shipped

from upheld.checks.measure import Measure
from upheld.checks.verdict import State, Verdict

__all__ = ["AS_OF", "Case", "Judged", "Row", "at_risk", "broken", "excepted", "judge_rows", "judged", "unproven", "upheld"]

_OPTIONS = frozenset(option.name for option in fields(Given)) - {"tables"}


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
    """Judge a measure (an id, or a parsed one) on rows, and return its verdict.

    Keywords are tables with their rows (those not named are filled by nobody), and these options: `as_of`, the instant;
    `stale` and `partial`, names of tables whose source is late, or never read all of it; `denied`, "table.column" -> why;
    `parameters`, by name, as TOML has them; `exceptions`, subject -> until when; `history`, rows through time by table.
    """

    def __call__(self, measure: str | Measure, **given: Any) -> Verdict: ...


class Case:
    """One fixture as data: what is expected, and what `Judged` takes."""

    def __init__(self, expected: Expected, **given: Any) -> None:
        self.expected = expected
        self.given = given

    def check(self, judged: Judged, measure: str | Measure) -> None:
        """Judge and compare."""
        assert judged(measure, **self.given) == self.expected


def read(given: dict[str, Any]) -> Given:
    """Return keywords as what a fixture gives: options by their names, all others are tables."""
    options = {name: value for name, value in given.items() if name in _OPTIONS}
    tables: dict[str, Sequence[Row]] = {name: value for name, value in given.items() if name not in _OPTIONS}
    return Given(tables, **options)


def judge_rows(measure: str | Measure, **given: Any) -> Verdict:
    """Judge in this process, on the engine's own locked connection; see `Judged`."""
    one = shipped()[measure] if isinstance(measure, str) else measure
    with Stage(one, read(given)) as stage:
        return stage.judge()


@pytest.fixture
def judged() -> Judged:
    """Judge a measure on rows; see `Judged`."""
    return judge_rows
