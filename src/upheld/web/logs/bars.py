"""How much there was when, as columns: events, and the detections above them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.web.wording import count, instant

HEIGHT, STEP, MARK = 80, 10, 12


@dataclass(frozen=True)
class Bar:
    """One column as a rectangle, in words, and where its lines are; `found` detections began in it."""

    x: int
    y: int
    height: int
    words: str
    from_at: datetime
    until_at: datetime
    found: int


@dataclass(frozen=True)
class Bars:
    """All columns from left to right, with empty ones, the picture's size, and what it says in words."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    words: str
    step: str


def bars(
    seen: Sequence[tuple[datetime, int]], found: Mapping[datetime, int], from_at: datetime, until_at: datetime, step: timedelta
) -> Bars:
    """Return the columns of `seen` events, each `step` long, between two instants; `found` detections stand above them."""
    seconds = step.total_seconds()
    first = int(from_at.timestamp() // seconds)
    last = max(first, int(-(-until_at.timestamp() // seconds)) - 1)
    by_place = {int(at.timestamp() // seconds) - first: many for at, many in seen}
    marked: dict[int, int] = {}
    for at, many in found.items():
        place = int(at.timestamp() // seconds) - first
        marked[place] = marked.get(place, 0) + many
    most = max(by_place.values(), default=0)
    drawn = []
    for place in range(last - first + 1):
        many, its = by_place.get(place, 0), marked.get(place, 0)
        begin = from_at.__class__.fromtimestamp((first + place) * seconds, from_at.tzinfo)
        tall = max(2, round(many / most * HEIGHT)) if many else 0
        said = count(many, "event") + (f", {count(its, 'detection')}" if its else "") + f" from {instant(begin)}"
        drawn.append(Bar(place * STEP, MARK + HEIGHT - tall, tall, said, begin, begin + step, its))
    empty = sum(1 for each in drawn if not each.height)
    total = f"{count(sum(by_place.values()), 'event')} in {count(len(drawn), 'column')} of {_span(step)}"
    words = f"{total}; the most in one are {most:,}; {empty} are empty; {count(sum(marked.values()), 'detection')}."
    return Bars(tuple(drawn), len(drawn) * STEP, MARK + HEIGHT, words, _span(step))


def _span(step: timedelta) -> str:
    for unit, word in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if step >= unit:
            return count(step // unit, word)
    return count(int(step.total_seconds()), "second")
