"""Times, counts and reasons as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from upheld.checks.verdict import State
from upheld.web import wording

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "under a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=89), "89 min"),
        (timedelta(minutes=90), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=59), "59 days"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=730), "2 years"),
    ],
)
def test_a_span_is_told_in_its_largest_fitting_unit(length, words):
    assert wording.span(length) == words


def test_what_lies_ahead_is_told_as_such():
    assert wording.ago(NOON - timedelta(hours=3), NOON) == "3 h ago"
    assert wording.ago(NOON + timedelta(days=5), NOON) == "in 5 days"


def test_an_instant_is_written_out():
    assert wording.instant(NOON) == "4 May 2026, 12:00 UTC"


def test_the_honest_line_leaves_out_states_that_nothing_is_in_but_never_the_upheld():
    assert wording.honest_line({State.BROKEN: 1, State.UNPROVEN: 140}) == "Of 141 promises, 0 are upheld, 1 is broken and 140 are unproven."
    assert wording.honest_line({State.UPHELD: 2, State.AT_RISK: 1}) == "Of 3 promises, 2 are upheld and 1 is at risk."
    assert wording.honest_line({State.UPHELD: 1}) == "Of 1 promise, 1 is upheld."


def test_a_reason_is_shortened_to_its_count_where_subjects_are_listed():
    assert wording.headline("2 of 1,412 accounts fail: a (x), b: c (y) and 7 more.", 0) == "2 of 1,412 accounts fail."
    assert wording.headline("1 of 13 systems fails: vm. 12 are unknown.", 12) == "1 of 13 systems fails. 12 more are unknown."
    assert (
        wording.headline("The limit is too weak. 1 of 3 keys fails: k.", 1)
        == "The limit is too weak. 1 of 3 keys fails. 1 more is unknown."
    )
    assert wording.headline("No source fills the table keys.", 0) == "No source fills the table keys."


def test_what_is_too_long_is_cut_and_says_so():
    assert wording.clipped("abcdef", 6) == "abcdef"
    assert wording.clipped("abc defg", 5) == "abc…"


def test_lists_are_joined_as_in_a_sentence():
    assert [wording.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
