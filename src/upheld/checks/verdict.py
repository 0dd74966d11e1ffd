"""What a judgement says: the five states, and a verdict with its population, failing subjects and evidence."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How a measure, promise or document stands; worst first, so that `min` of several is the worst."""

    BROKEN = "broken"
    UNPROVEN = "unproven"
    EXCEPTED = "excepted"
    AT_RISK = "at risk"
    UPHELD = "upheld"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return _RANKS[self]

    @property
    def mark(self) -> str:
        """The mark that stands before the word, the same on pages, in the terminal, in PDF and mail."""
        return {"upheld": "●", "at risk": "◐", "excepted": "◇", "unproven": "○", "broken": "✕"}[self.value]


_RANKS = {state: place for place, state in enumerate(State)}


def worst(states: list[State]) -> State:
    """Return the worst of `states`; unproven when there is none, since nothing was shown."""
    return min(states, key=lambda state: state.rank, default=State.UNPROVEN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One subject of a population: `ok` True passes, False fails, None is unknown. `more` holds further columns, as text."""

    subject: str
    label: str
    ok: bool | None
    detail: str
    flips_at: datetime | None = None
    excepted: bool = False
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A piece of evidence a verdict rests on: which table, from which source, as of when, with which digest."""

    table: str
    source: str
    seen_at: datetime | None
    digest: str
    stale: bool
    coverage: str


@dataclass(frozen=True)
class Verdict:
    """A measure judged as of an instant. `failing` and `unknowns` are complete up to the engine's limit, `population` always is.

    `flips_at` is the earliest instant at which a passing subject will fail if nothing happens; `stale_at` the earliest
    at which evidence stops speaking. `digests` name all inputs: measure, parameters, evidence, outcomes.
    """

    measure: str
    state: State
    reason: str
    as_of: datetime
    population: int = 0
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    excepted: int = 0
    failing: tuple[Outcome, ...] = ()
    unknowns: tuple[Outcome, ...] = ()
    flips_at: datetime | None = None
    stale_at: datetime | None = None
    evidence: tuple[Seen, ...] = ()
    untested: tuple[str, ...] = ()
    digests: dict[str, str] = field(default_factory=dict)
