"""A year as 365 thin columns, one a day, from the intervals over which something had a state. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        said = {"state": _word(self.state), "first": wording.day(self.first), "last": wording.day(self.last)}
        return (_("%(state)s on %(first)s") if self.first == self.last else _("%(state)s from %(first)s to %(last)s")) % said


@dataclass(frozen=True)
class Columns:
    """The columns of all days in one state, drawn as one path."""

    state: State | None
    path: str


@dataclass(frozen=True)
class Year:
    """A year that ends today, as runs to point at; and, once it is asked for, as columns to draw and in words."""

    runs: tuple[Run, ...]
    flips_at: datetime | None = None
    width: int = DAYS * STEP
    height: int = HEIGHT

    @property
    def seen(self) -> tuple[Run, ...]:
        """The runs in which somebody looked."""
        return tuple(run for run in self.runs if run.state)

    @cached_property
    def columns(self) -> tuple[Columns, ...]:
        """The days of each state as one path."""
        return tuple(_columns(self.runs))

    @property
    def words(self) -> str:
        """On how many days it stood how, in the language of the page: a year is kept for readers of any."""
        return _words(self.runs)


def year(stretches: Iterable[Stretch], today: date, flips_at: datetime | None = None) -> Year:
    """Return the year of `stretches` up to `today`; a day is as the worst state it was seen in. `flips_at`: when it breaks next."""
    return _drawn(places(stretches, today), today, flips_at)


def rolled_up(several: Sequence[Iterable[Stretch]], untested: bool, today: date) -> Year:
    """Return the year of all of `several`, each day as its worst; days on which none was looked at stay empty.

    `untested`: there is one more, which is never judged. What was not looked at on a day proves nothing for that day.
    """
    return of_days([places(stretches, today) for stretches in several], untested, today)


def of_days(several: Sequence[bytes], untested: bool, today: date) -> Year:
    """Return the year of all of `several`, which are the `places` of each: `rolled_up` for whoever needs them more than once."""
    return _of_days((*several, bytes(DAYS)) if untested and several else tuple(several), today)


@lru_cache(maxsize=2_000)
def _of_days(days: tuple[bytes, ...], today: date) -> Year:
    """Kept, since of hundreds of promises few come to stand otherwise at a time."""
    return _drawn(_worst(days) if days else bytes(DAYS), today)


def _worst(days: Sequence[bytes]) -> bytes:
    """Return the worst of each day; at best unproven where one was not looked at, unless none was."""
    if len(days) == 1:
        return days[0]
    lifted = bytes(map(max, *(each.translate(_UNSEEN) for each in days)))
    worst = bytes(map(max, *days))
    if 0 not in worst:
        return lifted
    return bytes(place and high for place, high in zip(worst, lifted, strict=True))


def _drawn(days: bytes, today: date, flips_at: datetime | None = None) -> Year:
    runs = []
    first = today - timedelta(days=DAYS - 1)
    place = 0
    for number, group in groupby(days):
        length, state = len(list(group)), _BEST_FIRST[number]
        runs.append(Run(state, first + timedelta(days=place), first + timedelta(days=place + length - 1), place * STEP, length * STEP))
        place += length
    return Year(tuple(runs), flips_at)


_BEST_FIRST = (None, *reversed(State))  # a state as its place here, so that the worst is the highest; 0: nobody looked
_PLACE = {state: place for place, state in enumerate(_BEST_FIRST)}


def day_states(stretches: Iterable[Stretch], today: date) -> list[State | None]:
    """Return the worst state seen on each of the last `DAYS` days, oldest first; None where nobody looked."""
    return [_BEST_FIRST[place] for place in places(stretches, today)]


def places(stretches: Iterable[Stretch], today: date) -> bytes:
    """Return the worst state seen on each of the last `DAYS` days as a number, oldest first; 0 where nobody looked."""
    first = today - timedelta(days=DAYS - 1)
    days = bytearray(DAYS)
    for stretch in stretches:
        begin = max(0, (stretch.from_at.astimezone(UTC).date() - first).days)
        end = min(DAYS - 1, (stretch.until_at.astimezone(UTC).date() - first).days)
        if begin <= end:
            days[begin : end + 1] = days[begin : end + 1].translate(_AT_LEAST[_PLACE[stretch.state]])
    return bytes(days)


_AT_LEAST = [bytes(max(place, least) for place in range(256)) for least in range(len(_BEST_FIRST))]
_UNSEEN = bytes([_PLACE[State.UNPROVEN], *range(1, 256)])


def _columns(runs: Iterable[Run]) -> Iterable[Columns]:
    by_state: dict[State | None, list[int]] = {}
    for run in runs:
        by_state.setdefault(run.state, []).extend(range(run.x // STEP, (run.x + run.width) // STEP))
    for state in (None, *State):
        places = by_state.get(state)
        if places:
            top, down = (HEIGHT - 4, 4) if state is None else (0, HEIGHT)
            yield Columns(state, "".join(f"M{place * STEP + STEP / 2:g} {top}v{down}" for place in places))


def _words(runs: Iterable[Run]) -> str:
    counts: Counter[State | None] = Counter()
    for run in runs:
        counts[run.state] += run.width // STEP
    parts = [_on_days(state, counts[state]) for state in (*reversed(State), None) if counts[state]]
    return _("Of the last %(days)d days: %(parts)s.") % {"days": DAYS, "parts": wording.listed(parts)}


def _on_days(state: State | None, number: int) -> str:
    return ngettext("%(state)s on %(number)s day", "%(state)s on %(number)s days", number) % {"state": _word(state), "number": number}


def _word(state: State | None) -> str:
    return wording.state(state) if state else _("not looked at")
