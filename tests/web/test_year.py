"""The year: a column a day, as the worst state seen on it, and what was not seen stays empty."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from upheld.checks.verdict import State, worst
from upheld.web.year import DAYS, STEP, Stretch, day_states, rolled_up, year

TODAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def stretch(state: State, first: int, last: int = 0) -> Stretch:
    """A stretch from `first` to `last` days ago."""
    return Stretch(state, NOON - timedelta(days=first), NOON - timedelta(days=last))


def test_without_any_judgement_nobody_looked():
    nothing = year([], TODAY)
    assert nothing.seen == ()
    assert nothing.words == "Of the last 365 days: not looked at on 365 days."


def test_a_day_is_as_the_worst_state_seen_on_it():
    days = day_states([stretch(State.UPHELD, 3, 1), stretch(State.BROKEN, 1, 1), stretch(State.UPHELD, 1)], TODAY)
    assert days[-4:] == [State.UPHELD, State.UPHELD, State.BROKEN, State.UPHELD]
    assert set(days[:-4]) == {None}


def test_what_began_before_the_year_is_cut_at_its_beginning():
    assert day_states([stretch(State.UPHELD, 900)], TODAY) == [State.UPHELD] * DAYS
    assert day_states([stretch(State.UPHELD, 900, 500)], TODAY) == [None] * DAYS


def test_the_picture_says_in_words_what_it_draws():
    drawn = year([stretch(State.UPHELD, 9, 3), stretch(State.BROKEN, 2)], TODAY)
    assert drawn.words == "Of the last 365 days: upheld on 7 days, broken on 3 days and not looked at on 355 days."
    assert [run.words for run in drawn.seen] == ["upheld from 25 April 2026 to 1 May 2026", "broken from 2 May 2026 to 4 May 2026"]
    assert [columns.state for columns in drawn.columns] == [None, State.BROKEN, State.UPHELD]
    assert sum(columns.path.count("M") for columns in drawn.columns) == DAYS


def test_a_promise_is_as_its_worst_measure_and_a_measure_not_looked_at_proves_nothing():
    both = rolled_up([[stretch(State.UPHELD, 2)], [stretch(State.BROKEN, 1, 1)]], untested=False, today=TODAY)
    assert [run.state for run in both.seen] == [State.UNPROVEN, State.BROKEN, State.UNPROVEN]
    alone = rolled_up([[stretch(State.UPHELD, 1)]], untested=False, today=TODAY)
    assert [(run.state, run.width) for run in alone.seen] == [(State.UPHELD, 2 * STEP)]
    with_one_to_come = rolled_up([[stretch(State.UPHELD, 1)]], untested=True, today=TODAY)
    assert [(run.state, run.width) for run in with_one_to_come.seen] == [(State.UNPROVEN, 2 * STEP)]
    assert rolled_up([], untested=True, today=TODAY).seen == ()


@given(st.lists(st.tuples(st.sampled_from(State), st.integers(-5, 400), st.integers(0, 60)), max_size=8))
def test_runs_cover_the_year_without_gap_or_overlap(drawn):
    stretches = [stretch(state, last + length, last) for state, last, length in drawn]
    shown = year(stretches, TODAY)
    assert shown.runs[0].x == 0
    assert sum(run.width for run in shown.runs) == shown.width
    assert all(
        left.x + left.width == right.x and left.state is not right.state for left, right in zip(shown.runs, shown.runs[1:], strict=False)
    )
    for place, state in enumerate(day_states(stretches, TODAY)):
        day = TODAY - timedelta(days=DAYS - 1 - place)
        there = [each.state for each in stretches if each.from_at.date() <= day <= each.until_at.date()]
        assert state == (worst(there) if there else None)
