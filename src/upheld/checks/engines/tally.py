"""What an engine found for one measure: counts, the subjects that do not pass, and the next flip."""

import hashlib
import os
from collections.abc import Iterable
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
    named: int = 2_000
    threads: int = 1
    load_seconds: float = 300.0


# What a large company's tables ask for beyond what is enough for this many rows, with a query of several joins in mind.
_ROWS_ENOUGH = 1_000_000
_BYTES_A_ROW, _SECONDS_A_MILLION, _LOAD_SECONDS_A_MILLION = 1_000, 30.0, 60.0
# Large tables lie on the disk, and so does what finds no memory: more would only be held for longer.
_BYTES_MOST, _THREADS = 2_500 << 20, 2


def fitting(rows: int, named: int = Limits.named) -> Limits:
    """Return the limits for a query over tables of `rows` rows together: never less than those of a small company (decision 32).

    A query gives at most about as many rows as it reads; what gives twice as many multiplies them. Memory is at most half the
    machine's, and no more than lets a judgement of 20 million rights stay within 4 GB.
    """
    millions = max(0, rows - _ROWS_ENOUGH) / 1e6
    small, half = Limits(), os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return Limits(
        seconds=small.seconds + millions * _SECONDS_A_MILLION,
        memory_bytes=max(small.memory_bytes, min(half, _BYTES_MOST, small.memory_bytes + int(millions * 1e6) * _BYTES_A_ROW)),
        rows=max(small.rows, 2 * rows),
        named=named,
        load_seconds=small.load_seconds + millions * _LOAD_SECONDS_A_MILLION,
        threads=_THREADS if millions else small.threads,
    )


@dataclass(frozen=True, slots=True)
class Flip:
    """When the passing `subject` will fail."""

    at: datetime
    subject: str
    label: str | None
    detail: str | None


@dataclass(frozen=True)
class Tally:
    """The outcomes of one measure, counted. `population` is `passed + failed + excepted + unknown`.

    `failing` are the false ones, those under no exception first, and `unknowns` the NULL ones, each in order of
    subject and at most `Limits.named`. `flips_at` is the earliest flip of one that passes, `flipping` that subject's
    label and detail. Where a job asks to keep them, `flips` are the next flips, in order of instant, label and detail, all there
    are or, where there are `more_flips`, the first; and where it is not complete, `lines` has the line of each subject that does
    not pass, in order of subject; none where there are more than are worth keeping. `was` is, of a job on changed rows, what these came
    to before; in it and beside it is only what is other. `error` says in words why there is no outcome;
    the rest is then empty.
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
    flips: tuple[Flip, ...] = ()
    more_flips: bool = False
    lines: tuple[str, ...] = ()
    digest: str = ""
    was: "Tally | None" = None
    error: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether every subject that does not pass is in it by name."""
        return len(self.failing) == self.failed + self.excepted and len(self.unknowns) == self.unknown


def digest(population: int, passed: int, lines: str) -> str:
    """Return the SHA-256, in hexadecimal, of an outcome: counts, and `lines` of `line` for all who do not pass, by subject."""
    return digest_of(population, passed, [lines])


def digest_of(population: int, passed: int, pieces: Iterable[str]) -> str:
    """Return what `digest` does of lines that come in `pieces`, which are never there all at once."""
    found = hashlib.sha256(f"{population} {passed}\n".encode())
    for piece in pieces:
        found.update(piece.encode())
    return found.hexdigest()


def line(outcome: Outcome) -> str:
    """Return what a digest holds of a subject that does not pass."""
    return f"{outcome.subject}\x1f{'false' if outcome.ok is False else 'unknown'}"


def turn(flip: Flip) -> tuple[datetime, bool, str, bool, str, str]:
    """Return what flips are put in order by: instant, label, detail, subject; what is not there comes last."""
    return flip.at, flip.label is None, flip.label or "", flip.detail is None, flip.detail or "", flip.subject
