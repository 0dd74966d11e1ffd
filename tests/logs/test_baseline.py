"""Irregularities that no rule names: volumes by hour and host, and who is where for the first time; told from weeks, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.logs.test_scanning import file, log  # noqa: F401  the same log

from upheld import clock
from upheld.logs import baseline
from upheld.logs.gathering import Rows
from upheld.logs.models import Detection, Hour, Pair
from upheld.logs.reporting import HOURS, hour_of, irregular
from upheld.logs.why import why

USUAL = [90, 100, 110, 95, 105, 100, 98, 102, 100, 101]
MONDAY = datetime(2026, 5, 4, 10, tzinfo=UTC)


CASES = [
    (101, USUAL, ""),
    (250, USUAL, ""),
    (400, USUAL, "many more than usual; in 10 such hours before there were 90 to 110, half of them up to 100"),
    (9, USUAL, "far fewer than usual"),
    (0, USUAL, "far fewer than usual"),
    (11, USUAL, ""),
    (400, USUAL[:7], ""),
    (400, [*USUAL, 500], ""),
    (49, [1] * 10, ""),
    (60, [1] * 10, "many more than usual"),
    (0, [10] * 10, ""),
]


def test_an_hour_is_irregular_only_where_it_lies_far_off_what_was_usual():
    rows = Rows("hours", HOURS)
    for number, (events, before, _) in enumerate(CASES):
        working = [days for days in range(1, 22) if (MONDAY - timedelta(days=days)).weekday() < 5]
        for days, many in zip([0, *working], [events, *before], strict=False):
            rows.add({"host": f"web{number}", "hour": hour_of(MONDAY) - 24 * days, "events": many})
    with rows.asked() as ask:
        found = {each.host: each.why for each in irregular(ask, MONDAY, MONDAY + timedelta(hours=1))}
    assert len(found) == sum(bool(said) for _, _, said in CASES)
    assert all(found.get(f"web{number}", "").startswith(said) for number, (_, _, said) in enumerate(CASES))


def weeks(log, *, now: int, host: str = "web1"):  # noqa: F811
    """Three weeks with a hundred events at ten o'clock on working days and five at weekends; `now` of them in the last hour."""
    for days in range(1, 22):
        at = MONDAY - timedelta(days=days)
        Hour.objects.create(log=log, host=host, at=at, events=5 if at.weekday() >= 5 else 95 + days % 10)
    if now:
        Hour.objects.create(log=log, host=host, at=MONDAY, events=now)


@pytest.mark.parametrize(("now", "found"), [(100, 0), (1_000, 1), (0, 1)])
def test_volumes_are_told_once_in_words(log, now, found):  # noqa: F811
    weeks(log, now=now)
    log.baselined_at = MONDAY
    with clock.at(MONDAY + timedelta(minutes=70)):
        assert (baseline.look(log), baseline.look(log)) == (found, 0)
        assert baseline.due_at(log) == MONDAY + timedelta(hours=2, minutes=10)
    for each in Detection.objects.all():
        assert f"{now:,} events of web1 between 10:00 and 11:00 UTC" in each.line and each.group == {"host": "web1"}
        assert "four weeks" in why(each).counts


def test_a_weekend_is_held_against_weekends(log):  # noqa: F811
    weeks(log, now=0)
    sunday = MONDAY - timedelta(days=1)
    log.baselined_at = sunday
    with clock.at(sunday + timedelta(minutes=70)):
        assert baseline.look(log) == 0


def test_somebody_known_at_a_host_for_the_first_time_is_told_and_a_new_person_is_not(log):  # noqa: F811
    Hour.objects.create(log=log, host="web1", at=MONDAY - timedelta(days=20), events=1)
    Pair.objects.create(log=log, who="ada", host="web1", first_at=MONDAY - timedelta(days=20))
    Pair.objects.create(log=log, who="ada", host="db1", first_at=MONDAY + timedelta(minutes=5))
    Pair.objects.create(log=log, who="bo", host="db1", first_at=MONDAY + timedelta(minutes=5))
    log.baselined_at = MONDAY
    with clock.at(MONDAY + timedelta(minutes=70)):
        assert baseline.look(log) == 1
    said = Detection.objects.get()
    assert said.line == "ada was seen at db1 for the first time at 2026-05-04 10:05 UTC; since 2026-04-14 only at web1"


def test_before_two_weeks_are_known_nothing_is_told(log):  # noqa: F811
    weeks(log, now=1_000)
    Hour.objects.filter(at__lt=MONDAY - timedelta(days=13)).delete()
    log.baselined_at = MONDAY
    with clock.at(MONDAY + timedelta(minutes=70)):
        assert baseline.look(log) == 0
