"""The calendar: by hand on days where laws and months are odd, and by Hypothesis on all others."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.checks.span import Span
from upheld.due import (
    Pause,
    after_last,
    by_law_days,
    by_law_hours,
    by_law_months,
    fixed,
    free_days,
    missed,
    next_working_day,
    weekends,
    with_pauses,
    working_days,
)

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
SPANS = st.builds(Span, st.integers(1, 36), st.sampled_from(["day", "week", "month"]))
GERMANY = free_days("DE")
NEVER = lambda day: False  # noqa: E731


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


def first(number: int, begins: date, every: Span) -> list[date]:
    days = fixed(begins, every)
    return [next(days) for _ in range(number)]


def test_the_end_of_the_month_stays_the_end_of_the_month() -> None:
    assert first(4, date(2026, 1, 31), Span(1, "month")) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_a_series_goes_on_over_the_turn_of_the_year() -> None:
    assert first(3, date(2026, 11, 30), Span(1, "month"))[-1] == date(2027, 1, 30)


@given(DAYS, SPANS)
def test_days_of_a_series_only_rise(begins: date, every: Span) -> None:
    days = first(30, begins, every)
    assert all(one < next_ for one, next_ in pairwise(days)) and days[0] == begins


@given(DAYS, st.integers(1, 36))
def test_the_nth_month_is_counted_from_the_first(begins: date, months: int) -> None:
    nth = first(6, begins, Span(months, "month"))[5]
    assert (nth.year * 12 + nth.month) - (begins.year * 12 + begins.month) == 5 * months


def test_no_series_in_hours() -> None:
    with pytest.raises(ValueError, match="shorter than a day"):
        next(fixed(date(2026, 1, 1), Span(12, "hour")))


@given(DAYS, SPANS, st.integers(0, 20))
def test_however_long_nobody_looked_nothing_is_forgotten(begins: date, every: Span, many: int) -> None:
    today = first(many + 1, begins, every)[-1]
    assert missed(begins, every, [], today) == first(many + 1, begins, every)


@given(DAYS, SPANS, st.integers(0, 10))
def test_what_was_done_in_time_is_not_missed(begins: date, every: Span, many: int) -> None:
    days = first(many + 1, begins, every)
    assert missed(begins, every, days, days[-1]) == []


def test_doing_it_twice_answers_once() -> None:
    done = [date(2026, 1, 5), date(2026, 1, 20)]
    assert missed(date(2026, 1, 1), Span(1, "month"), done, date(2026, 2, 10)) == [date(2026, 2, 1)]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(lambda each: each.replace(tzinfo=UTC)), SPANS)
def test_done_later_is_due_on_no_earlier_day(done_at: datetime, every: Span) -> None:
    # By days: eight months after 28 June at 19:00 and after 29 June at 00:00 is 28 February both.
    assert after_last(done_at, every).date() <= after_last(done_at + timedelta(hours=5), every).date()


@given(DAYS, st.integers(0, 60))
def test_so_many_working_days_lie_between(begins: date, number: int) -> None:
    end = working_days(begins, number, GERMANY)
    between = [begins + timedelta(days=each) for each in range(1, (end - begins).days + 1)]
    assert sum(not GERMANY(day) for day in between) == number
    assert number == 0 or not GERMANY(end)


def test_working_days_know_the_country() -> None:
    # 3 October 2025 is a Friday and Germany's national day; France works.
    assert working_days(date(2025, 10, 2), 1, free_days("DE")) == date(2025, 10, 6)
    assert working_days(date(2025, 10, 2), 1, free_days("FR")) == date(2025, 10, 3)


def test_a_country_without_a_calendar_is_said() -> None:
    with pytest.raises(NotImplementedError):
        free_days("XX")


def test_72_hours_run_from_the_hour_after_over_any_weekend() -> None:
    assert by_law_hours(at("2026-05-01 09:20"), 72) == at("2026-05-04 10:00")


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        ("2026-01-31", "2026-03-03"),  # the last of February is a Saturday
        ("2026-03-31", "2026-05-01"),  # 30 April is a Thursday
        ("2026-04-01", "2026-05-05"),  # 1 May is a holiday, and a Friday
        ("2024-01-31", "2024-03-01"),  # a leap year: 29 February is a Thursday
    ],
)
def test_a_month_by_law(event: str, ends: str) -> None:
    assert by_law_months(date.fromisoformat(event), 1, GERMANY) == at(ends)


def test_a_period_of_two_days_has_two_working_days() -> None:
    # From Friday: Sunday would be the last day; Monday and Tuesday are the two working days.
    assert by_law_days(date(2026, 5, 8), 2, weekends) == at("2026-05-13")
    assert by_law_days(date(2026, 5, 8), 1, weekends) == at("2026-05-12")


@given(DAYS, st.integers(1, 40))
def test_a_period_of_days_never_ends_on_a_day_off(event: date, days: int) -> None:
    last = (by_law_days(event, days, GERMANY) - timedelta(days=1)).date()
    assert not GERMANY(last) and last >= event + timedelta(days=days)


@given(DAYS)
def test_a_working_day_is_its_own_next_one(day: date) -> None:
    assert next_working_day(day, NEVER) == day


BEGIN, DUE = at("2026-05-01"), at("2026-06-01")


def test_a_pause_moves_the_end_by_its_length() -> None:
    pause = Pause(at("2026-05-10"), at("2026-05-15"), "waiting for proof of identity")
    assert with_pauses(BEGIN, DUE, [pause], at("2026-05-20")) == at("2026-06-06")


def test_pauses_that_overlap_count_once() -> None:
    pauses = [Pause(at("2026-05-10"), at("2026-05-15"), "a"), Pause(at("2026-05-12"), at("2026-05-17"), "b")]
    assert with_pauses(BEGIN, DUE, pauses, at("2026-05-20")) == at("2026-06-08")


def test_while_one_lasts_there_is_no_end() -> None:
    assert with_pauses(BEGIN, DUE, [Pause(at("2026-05-10"), None, "a")], at("2026-05-20")) is None


def test_a_pause_after_the_end_comes_too_late() -> None:
    assert with_pauses(BEGIN, DUE, [Pause(at("2026-06-02"), at("2026-06-05"), "a")], at("2026-07-01")) == DUE


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=6))
def test_pauses_only_ever_give_time(pauses: list[tuple[int, int]]) -> None:
    made = [Pause(BEGIN + timedelta(days=begins), BEGIN + timedelta(days=begins + length), "x") for begins, length in pauses]
    moved = with_pauses(BEGIN, DUE, made, at("2027-01-01"))
    assert moved is not None and DUE <= moved <= DUE + timedelta(days=sum(length for _begins, length in pauses))
