"""What an engine found for one measure: counts, the subjects that do not pass, and the next flip."""

from dataclasses import dataclass
from datetime import datetime

from upheld.checks.verdict import Outcome


@dataclass(frozen=True)
class Limits:
    """How far one query may go: seconds of time, bytes of memory of the whole engine, rows; `named` subjects are kept by name.

    Loading the frame may take `load_seconds`.
    """

    seconds: float = 30.0
    memory_bytes: int = 1 << 30
    rows: int = 5_000_000
    named: int = 10_000
    threads: int = 1
    load_seconds: float = 300.0


@dataclass(frozen=True)
class Tally:
    """The outcomes of one measure, counted. `population` is `passed + failed + excepted + unknown`.

    `failing` are the false ones, those under no exception first, and `unknowns` the NULL ones, each in order of
    subject and at most `Limits.named`. `flips_at` is the earliest flip of one that passes, `flipping` that subject's
    label and detail. `error` says in words why there is no outcome; the rest is then empty.
    """

    population: int = 0
    passed: int = 0
    failed: int = 0
    excepted: int = 0
    unknown: int = 0
    failing: tuple[Outcome, ...] = ()
    unknowns: tuple[Outcome, ...] = ()
    flips_at: datetime | None = None
    flipping: tuple[str, str] = ("", "")
    digest: str = ""
    error: str = ""
