"""Reports over what logs told, as SQL: how much came of each host when, what is irregular, who was where first.

DuckDB runs the same texts in process and Spark on many machines. They read a relation `events` (`EVENTS`), or `hours` and `pairs`
(`HOURS`, `PAIRS`), which watched logs count as lines come. Hours are numbered since 1970, instants are microseconds since then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, TypeAlias

from upheld.logs.telling import FROM, HOST, WHO, told

Ask: TypeAlias = "Callable[[str], Iterable[Sequence[Any]]]"

EVENTS: Mapping[str, str] = {"met_at": "BIGINT", "host": "VARCHAR", "who": "VARCHAR", "place": "VARCHAR"}
HOURS: Mapping[str, str] = {"host": "VARCHAR", "hour": "BIGINT", "events": "BIGINT"}
PAIRS: Mapping[str, str] = {"who": "VARCHAR", "host": "VARCHAR", "first_at": "BIGINT"}
# Nothing is said of a log that is known for less, nor of somebody who is.
KNOWN_FOR, LOOKED_BACK, PERSON_KNOWN_FOR = timedelta(days=14), timedelta(days=28), timedelta(days=7)
_LEAST_HOURS, _LEAST_EVENTS, _LONGEST = 8, 50, 200
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_US = 3_600_000_000
_COUNTED = f"""
hours AS (
    SELECT host, hour, count(*) AS events
    FROM (SELECT host, CAST(floor(met_at / {_HOUR_US}.0) AS BIGINT) AS hour FROM events WHERE met_at IS NOT NULL) AS dated
    GROUP BY host, hour
),
pairs AS (
    SELECT who, place AS host, min(met_at) AS first_at FROM events WHERE met_at IS NOT NULL AND who <> '' GROUP BY who, place
)"""  # noqa: S608  a number
_DAYS = f"days AS (SELECT * FROM (VALUES {', '.join(f'({day})' for day in range(1, LOOKED_BACK.days + 1))}) AS given (day))"  # noqa: S608  numbers
# Monday is the first day of a week, and 1970 began on a Thursday.
_AT_WEEKEND = "(CAST(floor({hour} / 24.0) AS BIGINT) + 3) % 7 >= 5"
# The same hour of the days before, of the same sort (working days, weekends), since the host was heard of; half lie below the middle.
_IRREGULAR = f"""
known AS (SELECT host, min(hour) AS began FROM hours GROUP BY host),
alike AS (
    SELECT known.host, asked.hour, asked.hour - 24 * days.day AS other
    FROM known CROSS JOIN asked CROSS JOIN days
    WHERE asked.hour - 24 * days.day >= known.began
      AND ({_AT_WEEKEND.format(hour="asked.hour")}) = ({_AT_WEEKEND.format(hour="(asked.hour - 24 * days.day)")})
),
usual AS (
    SELECT alike.host, alike.hour, coalesce(hours.events, 0) AS events
    FROM alike LEFT JOIN hours ON hours.host = alike.host AND hours.hour = alike.other
),
middles AS (
    SELECT host, hour, count(*) AS others, min(events) AS least, max(events) AS most, median(events) AS middle
    FROM usual GROUP BY host, hour
),
distances AS (
    SELECT usual.host, usual.hour, greatest(1.0, 1.4826 * median(abs(usual.events - middles.middle))) AS distance
    FROM usual JOIN middles ON middles.host = usual.host AND middles.hour = usual.hour
    GROUP BY usual.host, usual.hour
),
compared AS (
    SELECT middles.*, distances.distance, coalesce(hours.events, 0) AS events
    FROM middles JOIN distances ON distances.host = middles.host AND distances.hour = middles.hour
    LEFT JOIN hours ON hours.host = middles.host AND hours.hour = middles.hour
)
SELECT host, hour, events, others, least, most, middle FROM compared
WHERE others >= {_LEAST_HOURS} AND (
    (events >= {_LEAST_EVENTS} AND events > 3 * middle AND events > middle + 6 * distance AND events > most)
    OR (middle >= {_LEAST_EVENTS} AND events * 10 < middle AND events < least)
)
ORDER BY hour, host
"""  # noqa: S608  numbers
_FIRST = f"""
SELECT new.who, new.host, new.first_at, new.known_at, old.host
FROM (SELECT pairs.*, min(first_at) OVER (PARTITION BY who) AS known_at FROM pairs) AS new
JOIN pairs AS old ON old.who = new.who AND old.first_at < new.first_at
WHERE new.host <> '' AND new.first_at >= {{since}} AND new.first_at < {{until}}
  AND new.first_at - new.known_at >= {PERSON_KNOWN_FOR // timedelta(microseconds=1)}
ORDER BY new.first_at, new.who, new.host, old.host
"""  # noqa: S608  numbers
_HOURLY = f"WITH {_COUNTED} SELECT host, hour, events FROM hours ORDER BY host, hour"  # noqa: S608  as above
# Whatever hour had events may be irregular, and so may the same hour of the days after, which had none.
_ASKED = """
asked AS (
    SELECT DISTINCT hour + 24 * day AS hour FROM hours CROSS JOIN (SELECT 0 AS day UNION ALL SELECT day FROM days) AS after
    WHERE hour + 24 * day >= {since} AND hour + 24 * day <= {until}
)"""


@dataclass(frozen=True)
class Irregular:
    """An hour of `host` with so many `events`, and in words why that is irregular."""

    host: str
    at: datetime
    events: int
    why: str


@dataclass(frozen=True)
class First:
    """That `who` was seen at `host` for the first time, `known_at` others since then."""

    who: str
    host: str
    at: datetime
    known_at: datetime
    others: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Events of each host in each hour, hours that are irregular, and who was seen where for the first time."""

    hours: tuple[tuple[str, datetime, int], ...]
    irregular: tuple[Irregular, ...]
    firsts: tuple[First, ...]


def row(fields: Mapping[str, Any], at: datetime | None) -> dict[str, Any]:
    """Return what `EVENTS` has of an event with `fields` at the instant `at`; nobody of one that failed."""
    host = told(fields, HOST)[:_LONGEST]
    who = told(fields, WHO)[:_LONGEST] if fields.get("outcome") != "failure" else ""
    return {"met_at": None if at is None else micros(at), "host": host, "who": who, "place": host or told(fields, FROM)[:_LONGEST]}


def report(ask: Ask) -> Report:
    """Return what the relation `events` tells; `ask` answers queries."""
    hours = tuple((host, _instant(hour), events) for host, hour, events in ask(_HOURLY))
    if not hours:
        return Report((), (), ())
    since, until = min(at for _, at, _ in hours) + KNOWN_FOR, max(at for _, at, _ in hours)
    asked = _ASKED.format(since=hour_of(since), until=hour_of(until))
    found = ask(f"WITH {_COUNTED}, {_DAYS}, {asked}, {_IRREGULAR}")
    first = ask(f"WITH {_COUNTED} {_FIRST.format(since=micros(since), until=micros(until + timedelta(hours=1)))}")
    return Report(hours, tuple(map(_irregular, found)), tuple(_firsts(first)))


def irregular(ask: Ask, since: datetime, until: datetime) -> list[Irregular]:
    """Return what was irregular from one hour until before another, as the relation `hours` tells."""
    values = ", ".join(f"({hour})" for hour in range(hour_of(since), hour_of(until)))
    asked = f"asked AS (SELECT * FROM (VALUES {values}) AS given (hour))"  # noqa: S608  numbers
    return list(map(_irregular, ask(f"WITH {_DAYS}, {asked}, {_IRREGULAR}"))) if values else []


def firsts(ask: Ask, since: datetime, until: datetime) -> list[First]:
    """Return who was where for the first time from one instant until before another, as the relation `pairs` tells."""
    return list(_firsts(ask(_FIRST.format(since=micros(since), until=micros(until)))))


def micros(at: datetime) -> int:
    """Return `at` in microseconds since 1970."""
    return (at - _BEGAN) // timedelta(microseconds=1)


def hour_of(at: datetime) -> int:
    """Return the number of the hour that `at` lies in."""
    return (at - _BEGAN) // timedelta(hours=1)


def _instant(hour: int) -> datetime:
    return _BEGAN + timedelta(hours=hour)


def _irregular(row: Sequence[Any]) -> Irregular:
    host, hour, events, others, least, most, middle = row
    words = f"in {others} such hours before there were {least:,} to {most:,}, half of them up to {middle:,.0f}"
    return Irregular(host, _instant(hour), events, f"{'many more' if events > middle else 'far fewer'} than usual; {words}")


def _firsts(rows: Iterable[Sequence[Any]]) -> Iterable[First]:
    for (who, host, first_at, known_at), its in groupby(rows, key=lambda each: tuple(each[:4])):
        at, known = (_BEGAN + timedelta(microseconds=each) for each in (first_at, known_at))
        yield First(who, host, at, known, tuple(sorted({each[4] for each in its})))
