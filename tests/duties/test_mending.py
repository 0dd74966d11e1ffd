"""By when findings are to be mended."""

from datetime import UTC, date, datetime

from upheld.duties.mending import due_on
from upheld.duties.policy import Policy

MONDAY = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)


def test_the_more_severe_the_sooner() -> None:
    days = [due_on(each, MONDAY, None, Policy()).isoformat() for each in ("critical", "high", "medium", "low", "")]
    assert days == ["2026-05-11", "2026-06-01", "2026-07-27", "2026-10-19", "2026-07-27"]


def test_days_off_in_a_country_do_not_count() -> None:
    # 14 May 2026 is Ascension Day, 25 May Whit Monday, 4 June Corpus Christi in Bavaria.
    assert due_on("high", MONDAY, None, Policy(country="DE")) == date(2026, 6, 3)
    assert due_on("high", MONDAY, None, Policy(country="DE-BY")) == date(2026, 6, 3)
    assert due_on("critical", datetime(2026, 6, 1, tzinfo=UTC), None, Policy(country="DE-BY")) == date(2026, 6, 9)
    assert due_on("critical", datetime(2026, 6, 1, tzinfo=UTC), None, Policy(country="DE")) == date(2026, 6, 8)


def test_what_was_agreed_holds() -> None:
    assert due_on("low", MONDAY, date(2026, 5, 6), Policy()) == date(2026, 5, 6)
