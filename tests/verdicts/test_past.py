"""How measures stood at an instant that is over, and how the public is shown what broke lately."""

from datetime import UTC, datetime, timedelta

import pytest

from upheld import clock
from upheld.checks.verdict import Outcome, Seen, State, Verdict
from upheld.ledger import sequencer
from upheld.registers.governance.publication_models import DocumentVersion, Stage
from upheld.verdicts import past
from upheld.verdicts.keeping import keep
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.public import public_documents, visible

MONDAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MEASURE = "authorization/leavers_removed"
U, B, N = State.UPHELD, State.BROKEN, State.UNPROVEN


@pytest.fixture
def ledger(workspace):
    sequencer.init("test.example/ledger/main/1")
    return workspace


def kept(*days: tuple[float, State]) -> None:
    """Keep judgements, so many days after Monday, in these states; evidence speaks for two days."""
    for day, state in days:
        at = MONDAY + day * DAY
        with clock.at(at):
            failing = (Outcome("a-7", "a-7", False, "still enabled"),) if state is B else ()
            seen = (Seen("accounts", "directory", at, "d" * 64, False, "complete"),)
            reason = f"{len(failing)} of 3 accounts, as judged on day {day:g}."
            keep(
                [
                    Verdict(
                        MEASURE, state, reason, at, 3, 3 - len(failing), len(failing), failing=failing, evidence=seen, stale_at=at + 2 * DAY
                    )
                ],
                at,
                {},
            )
    sequencer.sequence()


def stood(day: float) -> MeasureVerdict | None:
    return past.in_force_at(MONDAY + day * DAY).get(MEASURE)


def test_what_was_found_later_is_not_told(ledger):
    kept((0, U), (1, U), (2, B), (3, U))
    assert [each.state for day in (0.5, 1.5, 2.5, 3.5) if (each := stood(day))] == [U, U, B, U]
    first = stood(0.5)
    assert first is not None and first.until_at is None and first.judged_until_at == MONDAY
    assert "day 1" not in first.reason and "0 of 3 failed then" in first.reason
    assert past.in_force_at(MONDAY - DAY) == {}


def test_time_that_nobody_looked_at_proves_nothing_also_in_the_middle(ledger):
    kept((0, U), (7, U))
    assert [stood(day).state for day in (1, 3, 6.9, 7)] == [U, N, N, U]
    assert "too long before" in stood(3).reason


def test_a_row_that_says_otherwise_than_its_entry_proves_nothing(ledger):
    kept((0, B), (1, U))
    MeasureVerdict.objects.filter(state=B.value).update(state=U.value)
    assert stood(0.5).state == N


def shown(at: datetime) -> tuple[str, datetime]:
    with clock.at(at):
        for document in public_documents():
            for promise in document.promises:
                for each in promise.measures:
                    if each.id == MEASURE and each.verdict:
                        return each.state.value, each.verdict.judged_until_at
    raise AssertionError("no promise rests on the measure")


@pytest.fixture
def grace(ledger):
    for document in ("iso", "cloud"):
        said = {"title": document, "digest": "d", "author": "E-lea", "drafted_at": MONDAY - 9 * DAY}
        DocumentVersion.objects.create(document=document, state=Stage.PUBLISHED, grace_hours=24, **said)


def test_the_public_sees_a_break_once_the_grace_time_is_over(grace):
    kept((0, U), (1, B))
    assert shown(MONDAY + DAY + HOUR) == ("upheld", MONDAY)  # dated: when it was seen to be so
    assert shown(MONDAY + 2 * DAY) == ("broken", MONDAY + DAY)


def test_without_a_grace_time_a_break_shows_at_once(ledger):
    kept((0, U), (1, B))
    assert shown(MONDAY + DAY + HOUR)[0] == "broken"


def test_what_was_unproven_before_it_broke_is_shown_as_unproven_not_as_upheld(grace):
    kept((0, U), (1, N), (1.5, B))
    assert shown(MONDAY + 1.6 * DAY)[0] == "unproven"


def test_what_was_never_anything_else_and_what_breaks_again_shows_at_once(grace):
    kept((0, B))
    assert shown(MONDAY + HOUR)[0] == "broken"
    kept((1, U), (2, B))
    assert shown(MONDAY + 2 * DAY + HOUR)[0] == "broken"


def test_a_forged_past_is_not_shown_in_place_of_a_break(grace):
    kept((0, N), (1, B))
    MeasureVerdict.objects.filter(state=N.value).update(state=U.value)
    assert shown(MONDAY + DAY + HOUR)[0] == "broken"


def test_a_break_that_was_mended_within_the_grace_time_is_in_the_year_once_that_is_over(ledger):
    kept((0, U), (1, B), (1.5, U))
    rows = list(MeasureVerdict.objects.order_by("from_at"))
    with clock.at(MONDAY + 1.6 * DAY):
        assert [each.state for each in visible(rows, DAY)] == [U, U]
        assert [each.state for each in visible(rows, timedelta(0))] == [U, B, U]
    with clock.at(MONDAY + 2.1 * DAY):
        assert [each.state for each in visible(rows, DAY)] == [U, B, U]
