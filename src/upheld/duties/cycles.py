"""When something that is owed falls due: the cycles of one duty about one record, from what is known of when it was done. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from upheld.checks.span import Span
from upheld.due import fixed
from upheld.registers.owing import Duty, Owing


@dataclass(frozen=True)
class Cycle:
    """One due instance: its name, unique among those of the same duty and record; from when what is done counts for it;

    from when it is somebody's work; by when it is due; when it is over, done or not (None: it stays until it is done);
    and when it was done, if it was.
    """

    name: str
    counts_from_at: datetime
    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None = None
    done_at: datetime | None = None


def cycles(duty: Duty, owing: Owing, now: datetime, since: datetime | None = None) -> Iterator[Cycle]:
    """Yield the cycles that are open by `now`; of a fixed sequence also those that are over, back to the one that opened at `since`."""
    if owing.every is None:
        yield _once(duty, owing)
    elif owing.fixed:
        yield from _sequence(duty, owing, owing.every, now, since)
    else:
        cycle = _from_last(duty, owing, owing.every)
        if cycle.opens_at <= now:
            yield cycle


def _once(duty: Duty, owing: Owing) -> Cycle:
    done_at = min(owing.done, default=None)
    return Cycle("once", owing.begins_at - timedelta.resolution, owing.begins_at, owing.begins_at + owing.first, done_at=done_at)


def _from_last(duty: Duty, owing: Owing, every: Span) -> Cycle:
    last = max(owing.done, default=None)
    if last is None:
        due_at = owing.begins_at + owing.first
        # What is done at the very instant at which it begins counts; what was done the last time does not.
        return Cycle(f"from {_plain(owing.begins_at)}", owing.begins_at - timedelta.resolution, due_at - duty.ahead, due_at)
    due_at = every.after(last)
    return Cycle(f"after {_plain(last)}", last, due_at - duty.ahead, due_at)


def _sequence(duty: Duty, owing: Owing, every: Span, now: datetime, since: datetime | None) -> Iterator[Cycle]:
    # A window opens before the one ahead of it is over only if the time ahead is longer than the interval.
    ahead = min(duty.ahead, every.about / 2)
    for day, following in pairwise(fixed(owing.begins_at.astimezone(UTC).date(), every)):
        opens_at, closes_at = _begins(day) - ahead, _begins(following) - ahead
        if opens_at > now:
            return
        if since is not None and closes_at <= since:
            continue
        done_at = min((at for at in owing.done if opens_at <= at < closes_at), default=None)
        yield Cycle(day.isoformat(), opens_at, opens_at, end_of(day), closes_at, done_at)


def end_of(day: date) -> datetime:
    """Return the last instant of `day`: what is due on a day is due by its end, and called by its date."""
    return _begins(day) + timedelta(days=1) - timedelta.resolution


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _plain(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
