"""Which state counts, evidence, parameters and exceptions come to: the order of docs/design/verdicts.md, said a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.ledger.verify.bundle.measures import Measure
from upheld.ledger.verify.bundle.parameters import Parameter

BROKEN, UNPROVEN, EXCEPTED, AT_RISK, UPHELD = STATES = ("broken", "unproven", "excepted", "at risk", "upheld")  # worst first


@dataclass(frozen=True)
class Counts:
    """How many subjects there were, and how they came out. `ran` is whether the query ran at all."""

    population: int
    passed: int
    failed: int
    unknown: int
    excepted: int
    ran: bool = True

    @property
    def add_up(self) -> bool:
        """Whether every subject is counted once."""
        return self.population == self.passed + self.failed + self.unknown + self.excepted


@dataclass(frozen=True)
class Piece:
    """One table from one source: the digest of its rows, how much of it was read last, and until when it speaks."""

    table: str
    source: str
    digest: str
    coverage: str
    stale_at: datetime | None
    denied: frozenset[str] = frozenset()

    def proves(self, as_of: datetime) -> bool:
        """Whether it was read completely, and speaks still."""
        return self.coverage != "partial" and self.stale_at is not None and self.stale_at > as_of


def state(
    measure: Measure,
    counts: Counts,
    evidence: Sequence[Piece],
    parameters: Sequence[Parameter],
    as_of: datetime,
    flips_at: datetime | None,
) -> str:
    """Return the state that a judgement comes to."""
    if counts.failed or any(each.is_weaker for each in parameters):
        return BROKEN
    empty = not counts.population and not measure.may_be_empty
    if not counts.ran or not evidence or counts.unknown or empty or not all(each.proves(as_of) for each in evidence):
        return UNPROVEN
    if counts.excepted:
        return EXCEPTED
    if flips_at is not None and measure.warn is not None and flips_at <= measure.warn.after(as_of):
        return AT_RISK
    return UPHELD


def worst(states: Sequence[str]) -> str:
    """Return the worst of `states`; of none: unproven."""
    return min(states, key=STATES.index, default=UNPROVEN)
