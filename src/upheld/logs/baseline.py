"""What no rule names: far more or fewer events of a host than that hour used to have, and somebody at a host for the first time.

Found are detections like those of rules, explained in words. What is usual is told from four weeks; before two are known, nothing is.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from upheld import clock
from upheld.logs.gathering import Rows
from upheld.logs.models import Detection, WatchedLog
from upheld.logs.reporting import HOURS, KNOWN_FOR, LOOKED_BACK, PAIRS, firsts, hour_of, irregular, micros

VOLUME, FIRST = "upheld-baseline-volume", "upheld-baseline-first-seen"
RULES = {
    VOLUME: "Of each host it is told from four weeks how many events the same hour had: half of the hours lie below the middle. An hour is "
    "irregular that has more than three times the middle and lies six usual distances off, or of which less than a tenth is left.",
    FIRST: "Told is who was seen at a host by something that succeeded, for the first time since the log is watched, where somebody is "
    "known for a week already: a new person is new everywhere.",
}
_MOST = 50


def look(log: WatchedLog) -> int:
    """Look at what came since this was done last, and return how many irregularities there were."""
    now = clock.now()
    since, until = log.baselined_at or now - timedelta(days=1), now.replace(minute=0, second=0, microsecond=0)
    began = log.hours.order_by("at").values_list("at", flat=True).first()
    found: list[Detection] = []
    if began is not None and until - began >= KNOWN_FOR and until > since:
        found = [*_volumes(log, since, until), *_firsts(log, since, until)]
    with transaction.atomic():
        Detection.objects.bulk_create(found)
        log.baselined_at = until
        log.save(update_fields=["baselined_at"])
    return len(found)


def _volumes(log: WatchedLog, since: datetime, until: datetime) -> Iterator[Detection]:
    """Hours that ended since then and are not as they used to be, of each host; working days and others apart."""
    rows = Rows("hours", HOURS)
    for host, at, events in log.hours.filter(at__gte=since - LOOKED_BACK, at__lt=until).values_list("host", "at", "events"):
        rows.add({"host": host, "hour": hour_of(at), "events": events})
    with rows.asked() as ask:
        found = irregular(ask, since, until)
    for each in found:
        begin, end = each.at, each.at + timedelta(hours=1)
        words = f"{each.events:,} events of {each.host or 'no named host'} between {begin:%H:%M} and {end:%H:%M} UTC: {each.why}"
        yield _detection(log, VOLUME, "An unusual number of events", begin, {"host": each.host}, words)


def _firsts(log: WatchedLog, since: datetime, until: datetime) -> Iterator[Detection]:
    new = log.pairs.filter(first_at__gte=since, first_at__lt=until).exclude(host="").order_by("first_at")[:_MOST]
    who = {pair.who for pair in new}
    if not who:
        return
    rows = Rows("pairs", PAIRS)
    for name, host, at in log.pairs.filter(who__in=who).values_list("who", "host", "first_at"):
        rows.add({"who": name, "host": host, "first_at": micros(at)})
    with rows.asked() as ask:
        found = firsts(ask, since, until)
    for each in found[:_MOST]:
        words = f"{each.who} was seen at {each.host} for the first time at {each.at:%Y-%m-%d %H:%M} UTC"
        said = f"{words}; since {each.known_at:%Y-%m-%d} only at {', '.join(each.others[:10])}"
        group = {"user": each.who, "host": each.host}
        yield _detection(log, FIRST, "Somebody is at a host for the first time", each.at, group, said)


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
