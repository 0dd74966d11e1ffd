"""By when something is due: from when it was last done or from a fixed sequence, in working days, by law, and with pauses. Pure.

Periods by law follow Regulation (EEC, Euratom) No 1182/71, which governs those of the GDPR.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta

from upheld.checks.span import Span

SATURDAY = 5
IsFree = Callable[[date], bool]


@cache
def _holidays(country: str, part: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=part)


def free_days(country: str, part: str | None = None) -> IsFree:
    """Return what says whether a day is a Saturday, a Sunday or a public holiday in `country` (ISO 3166: "DE"; `part`: "BY").

    Raises `NotImplementedError` for a country that nobody keeps a calendar of.
    """
    known = _holidays(country, part)
    return lambda day: day.weekday() >= SATURDAY or day in known


def weekends(day: date) -> bool:
    """Return whether `day` is a Saturday or a Sunday, where no country is known."""
    return day.weekday() >= SATURDAY


def after_last(done_at: datetime, every: Span) -> datetime:
    """Return when something is due again that is to be done so often, counted from when it was done last."""
    return every.after(done_at)


def fixed(first: date, every: Span) -> Iterator[date]:
    """Yield the days on which something falls due that begins on `first`, without end.

    Each is counted from the first, so that 31 January, 28 February, 31 March does not become 28 March. Raises `ValueError`
    for a span shorter than a day.
    """
    if not every.months and every.seconds < timedelta(days=1).total_seconds():
        raise ValueError(f"{every} is shorter than a day: no sequence of days")
    number = 0
    while True:
        yield first + _times(every, number)
        number += 1


def _times(every: Span, number: int) -> relativedelta:
    return relativedelta(months=every.months * number, days=every.seconds * number // 86_400)


def missed(first: date, every: Span, done: Iterable[date], today: date) -> list[date]:
    """Return the days until `today` on which something fell due and that nothing `done` since, and before the next, answers.

    However long nobody looked: what fell due meanwhile is all there.
    """
    answered = sorted(done)
    due = []
    days = fixed(first, every)
    day = next(days)
    while day <= today:
        following = next(days)
        if not any(day <= each < following for each in answered):
            due.append(day)
        day = following
    return due


def working_days(start: date, number: int, is_free: IsFree) -> date:
    """Return the day that is `number` working days after `start`, which does not count itself."""
    day, left = start, number
    while left:
        day += timedelta(days=1)
        left -= not is_free(day)
    return day


def next_working_day(day: date, is_free: IsFree) -> date:
    """Return `day`, or the next one that is not free."""
    while is_free(day):
        day += timedelta(days=1)
    return day


def by_law_hours(event_at: datetime, hours: int) -> datetime:
    """Return the end of a period of hours: the hour of the event does not count (Article 3(1)), and no day off makes it longer.

    GDPR 33(1): 72 hours from knowing of a breach.
    """
    begins = event_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return begins + timedelta(hours=hours)


def by_law_days(event_on: date, days: int, is_free: IsFree) -> datetime:
    """Return the end (exclusive) of a period of days: the event's day does not count, a last day off moves it (Article 3(4)),

    and any period of two days or more has two working days in it (Article 3(5)).
    """
    last = next_working_day(event_on + timedelta(days=days), is_free)
    if days > 1:
        last = max(last, working_days(event_on, 2, is_free))
    return _end_of(last)


def by_law_months(event_on: date, months: int, is_free: IsFree) -> datetime:
    """Return the end (exclusive) of a period of months: the same date, or the month's last day where it has none such (Article 3(2)(c)).

    GDPR 12(3): one month from receiving a request.
    """
    return _end_of(next_working_day(event_on + relativedelta(months=months), is_free))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """A time that does not count, and why. `until_at` is None while it lasts."""

    from_at: datetime
    until_at: datetime | None
    why: str


def with_pauses(begins_at: datetime, due_at: datetime, pauses: Iterable[Pause], now: datetime) -> datetime | None:
    """Return `due_at` moved by every pause that lies in the time until it, overlapping ones counted once; None while one lasts."""
    moved, counted = due_at, begins_at
    for pause in sorted(pauses, key=lambda each: each.from_at):
        if pause.from_at >= moved:
            break
        if pause.until_at is None:
            if pause.from_at <= now:
                return None
            continue
        begins = max(pause.from_at, counted)
        if pause.until_at > begins:
            moved += pause.until_at - begins
            counted = pause.until_at
    return moved
