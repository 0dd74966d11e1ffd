"""A year as 365 thin columns, one a day, from the intervals over which something had a state. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from upheld.checks.verdict import State
from upheld.web import wording

DAYS = 365
STEP = 2  # width of a day's column and the gap after it, in the picture's own units
HEIGHT = 30


@dataclass(frozen=True)
class Stretch:
    """From when until when something was seen to be in `state`."""

    state: State
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class Run:
    """Days in a row with one state (None: nobody looked), as a rectangle and in words."""

    state: State | None
    first: date
    last: date
    x: int
    width: int

    @property
    def words(self) -> str:
        """What the run says, for who points at it or cannot see it."""
        said, first, last = self.state.value if self.state else "not looked at", wording.day(self.first), wording.day(self.last)
        return f"{said} on {first}" if first == last else f"{said} from {first} to {last}"


@dataclass(frozen=True)
class Columns:
    """The columns of all days in one state, drawn as one path."""

    state: State | None
    path: str


@dataclass(frozen=True)
class Year:
    """A year that ends today, as columns to draw, as runs to point at, and in words."""

    runs: tuple[Run, ...]
    columns: tuple[Columns, ...]
    words: str
    flips_at: datetime | None = None
    width: int = DAYS * STEP
    height: int = HEIGHT

    @property
    def seen(self) -> tuple[Run, ...]:
        """The runs in which somebody looked."""
        return tuple(run for run in self.runs if run.state)


def year(stretches: Iterable[Stretch], today: date, flips_at: datetime | None = None) -> Year:
    """Return the year of `stretches` up to `today`; a day is as the worst state it was seen in. `flips_at`: when it breaks next."""
    return _drawn(day_states(stretches, today), today, flips_at)


def rolled_up(several: Sequence[Iterable[Stretch]], untested: bool, today: date) -> Year:
    """Return the year of all of `several`, each day as its worst; days on which none was looked at stay empty.

    `untested`: there is one more, which is never judged. What was not looked at on a day proves nothing for that day.
    """
    days = [_places(stretches, today) for stretches in several]
    if untested and days:
        days.append(bytearray(DAYS))
    return _drawn([_worst(places) for places in zip(*days, strict=True)] or [None] * DAYS, today)


def _worst(places: tuple[int, ...]) -> State | None:
    worst = max(places)
    return _BEST_FIRST[worst if all(places) else max(worst, _PLACE[State.UNPROVEN])] if worst else None


def _drawn(days: Sequence[State | None], today: date, flips_at: datetime | None = None) -> Year:
    runs = []
    first = today - timedelta(days=DAYS - 1)
    place = 0
    for state, group in groupby(days):
        length = sum(1 for _ in group)
        runs.append(Run(state, first + timedelta(days=place), first + timedelta(days=place + length - 1), place * STEP, length * STEP))
        place += length
    return Year(tuple(runs), tuple(_columns(days)), _words(days), flips_at)


_BEST_FIRST = (None, *reversed(State))  # a state as its place here, so that the worst is the highest; 0: nobody looked
_PLACE = {state: place for place, state in enumerate(_BEST_FIRST)}


def day_states(stretches: Iterable[Stretch], today: date) -> list[State | None]:
    """Return the worst state seen on each of the last `DAYS` days, oldest first; None where nobody looked."""
    return [_BEST_FIRST[place] for place in _places(stretches, today)]


def _places(stretches: Iterable[Stretch], today: date) -> bytearray:
    """Return the state of each day as a number."""
    first = today - timedelta(days=DAYS - 1)
    days = bytearray(DAYS)
    for stretch in stretches:
        begin = max(0, (stretch.from_at.astimezone(UTC).date() - first).days)
        end = min(DAYS - 1, (stretch.until_at.astimezone(UTC).date() - first).days)
        if begin <= end:
            days[begin : end + 1] = days[begin : end + 1].translate(_AT_LEAST[_PLACE[stretch.state]])
    return days


_AT_LEAST = [bytes(max(place, least) for place in range(256)) for least in range(len(_BEST_FIRST))]


def _columns(days: Sequence[State | None]) -> Iterable[Columns]:
    for state in (None, *State):
        places = [place for place, seen in enumerate(days) if seen is state]
        if places:
            top, down = (HEIGHT - 4, 4) if state is None else (0, HEIGHT)
            yield Columns(state, "".join(f"M{place * STEP + STEP / 2:g} {top}v{down}" for place in places))


def _words(days: Sequence[State | None]) -> str:
    counts = Counter(days)
    parts = [f"{state.value} on {wording.count(counts[state], 'day')}" for state in reversed(State) if counts[state]]
    if counts[None]:
        parts.append(f"not looked at on {wording.count(counts[None], 'day')}")
    return f"Of the last {DAYS} days: {wording.listed(parts)}."
