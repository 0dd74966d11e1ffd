"""What no rule names: far more or fewer events of a host than that hour used to have, and somebody at a host for the first time.

Found are detections like those of rules, explained in words. What is usual is told from four weeks; before two are known, nothing is.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from django.db import transaction

from upheld import clock
from upheld.logs.models import Detection, Pair, WatchedLog

VOLUME, FIRST = "upheld-baseline-volume", "upheld-baseline-first-seen"
RULES = {
    VOLUME: "Of each host it is told from four weeks how many events the same hour had: half of the hours lie below the middle. An hour is "
    "irregular that has more than three times the middle and lies six usual distances off, or of which less than a tenth is left.",
    FIRST: "Told is who was seen at a host by something that succeeded, for the first time since the log is watched, where somebody is "
    "known for a week already: a new person is new everywhere.",
}
_KNOWN_FOR, _LOOKED_BACK, _LEAST_HOURS, _LEAST_EVENTS = timedelta(days=14), timedelta(days=28), 8, 50
_PERSON_KNOWN_FOR, _MOST = timedelta(days=7), 50


def look(log: WatchedLog) -> int:
    """Look at what came since this was done last, and return how many irregularities there were."""
    now = clock.now()
    since, until = log.baselined_at or now - timedelta(days=1), now.replace(minute=0, second=0, microsecond=0)
    began = log.hours.order_by("at").values_list("at", flat=True).first()
    found: list[Detection] = []
    if began is not None and until - began >= _KNOWN_FOR and until > since:
        found = [*_volumes(log, since, until), *_firsts(log, since, until)]
    with transaction.atomic():
        Detection.objects.bulk_create(found)
        log.baselined_at = until
        log.save(update_fields=["baselined_at"])
    return len(found)


def _volumes(log: WatchedLog, since: datetime, until: datetime) -> Iterator[Detection]:
    """Hours that ended since then and are not as they used to be, of each host; working days and others apart."""
    counts: dict[str, dict[datetime, int]] = defaultdict(dict)
    for host, at, events in log.hours.filter(at__gte=since - _LOOKED_BACK, at__lt=until).values_list("host", "at", "events"):
        counts[host][at] = events
    hour = since.replace(minute=0, second=0, microsecond=0)
    while hour < until:
        for host, its in counts.items():
            before = [its.get(each, 0) for each in _like(hour) if each >= min(its)]
            said = irregular(its.get(hour, 0), before)
            if said:
                words = (
                    f"{its.get(hour, 0):,} events of {host or 'no named host'} between {hour:%H:%M} and {hour + timedelta(hours=1):%H:%M}"
                )
                yield _detection(log, VOLUME, "An unusual number of events", hour, {"host": host}, f"{words} UTC: {said}")
        hour += timedelta(hours=1)


def _like(hour: datetime) -> Iterator[datetime]:
    """The same hour of the four weeks before, on days of the same sort (working days, weekends)."""
    for days in range(1, _LOOKED_BACK.days + 1):
        each = hour - timedelta(days=days)
        if (each.weekday() >= 5) == (hour.weekday() >= 5):
            yield each


def irregular(events: int, before: list[int]) -> str:
    """Return in words why so many `events` are irregular where there were so many in like hours `before`; "" where they are not."""
    if len(before) < _LEAST_HOURS:
        return ""
    middle = median(before)
    distance = max(1.0, 1.4826 * median(abs(each - middle) for each in before))
    usual = f"in {len(before)} such hours before there were {min(before):,} to {max(before):,}, half of them up to {middle:,.0f}"
    if events >= _LEAST_EVENTS and events > 3 * middle and events > middle + 6 * distance and events > max(before):
        return f"many more than usual; {usual}"
    if middle >= _LEAST_EVENTS and events * 10 < middle and events < min(before):
        return f"far fewer than usual; {usual}"
    return ""


def _firsts(log: WatchedLog, since: datetime, until: datetime) -> Iterator[Detection]:
    new = list(log.pairs.filter(first_at__gte=since, first_at__lt=until).exclude(host="").order_by("first_at")[:_MOST])
    known = {each.who: each for each in Pair.objects.filter(log=log, who__in={pair.who for pair in new}).order_by("-first_at")}
    for pair in new:
        before = known[pair.who]  # the first of all, since later ones come first here
        if pair.first_at - before.first_at >= _PERSON_KNOWN_FOR:
            words = f"{pair.who} was seen at {pair.host} for the first time at {pair.first_at:%Y-%m-%d %H:%M} UTC"
            others = log.pairs.filter(who=pair.who, first_at__lt=pair.first_at).values_list("host", flat=True)
            said = f"{words}; since {before.first_at:%Y-%m-%d} only at {', '.join(sorted(others)[:10])}"
            yield _detection(
                log, FIRST, "Somebody is at a host for the first time", pair.first_at, {"user": pair.who, "host": pair.host}, said
            )


def _detection(log: WatchedLog, rule: str, title: str, at: datetime, group: dict[str, str], line: str) -> Detection:
    return Detection(
        log=log,
        rule=rule,
        title=title,
        level="low",
        author="Upheld",
        licence="Apache-2.0",
        first_at=at,
        last_at=at,
        group=group,
        line=line,
        found_at=clock.now(),
    )


def due_at(log: WatchedLog) -> datetime:
    """Return when `look` is to be done next: some minutes after an hour is over, so that late lines are there."""
    return log.added_at if log.baselined_at is None else log.baselined_at + timedelta(hours=1, minutes=10)
