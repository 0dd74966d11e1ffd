"""Populations: searched, chosen from and paged, from the file that the judge wrote."""

from datetime import UTC, datetime

import pytest
from tests.web.conftest import HOSTILE, outcomes

from upheld.checks.verdict import Outcome
from upheld.web.population import PER_PAGE, page_number, population

FLIP = datetime(2026, 5, 9, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    passing = [Outcome(f"crm/{number}", f"person {number:02}", True, "has a second factor", FLIP) for number in range(60)]
    others = [
        Outcome("crm/x", "Zoë", False, "has no second factor"),
        Outcome("crm/y", "Yusuf", None, "not told", more={"since_on": "2026-05-01"}),
    ]
    return tmp_path / outcomes(tmp_path, "access/mfa_required", [*passing, *others])


def test_those_that_fail_come_first_then_those_unknown(file):
    shown = population(file)
    assert (shown.found, shown.pages, shown.page, len(shown.subjects)) == (62, 3, 1, PER_PAGE)
    assert [(each.label, each.word) for each in shown.subjects[:3]] == [("Zoë", "fails"), ("Yusuf", "unknown"), ("person 00", "passes")]
    assert shown.subjects[2].flips_at == FLIP
    assert shown.subjects[1].more == (("since on", "2026-05-01"),)


@pytest.mark.parametrize(
    ("words", "found"), [("ZOË", 1), ("person 0", 10), ("second factor", 61), ("crm/x", 1), ("%", 0), ("'; DROP", 0), ("\0", 0)]
)
def test_a_search_looks_for_the_words_as_they_are_written(file, words, found):
    assert population(file, words=words).found == found


@pytest.mark.parametrize(("which", "found"), [("fail", 1), ("unknown", 1), ("pass", 60), ("", 62), ("everything", 62), ("1=1; --", 62)])
def test_outcomes_can_be_chosen(file, which, found):
    assert population(file, which=which).found == found


def test_a_page_beyond_the_last_is_the_last(file):
    shown = population(file, page=99)
    assert (shown.page, len(shown.subjects)) == (3, 12)


def test_a_population_that_is_no_longer_kept_says_so(tmp_path):
    assert not population(tmp_path / "gone.parquet", words="a").kept


@pytest.mark.parametrize(("text", "page"), [("3", 3), ("", 1), ("0", 1), ("-1", 1), ("2.5", 1), ("٣", 1), ("9" * 40, 1), (HOSTILE, 1)])
def test_an_address_that_asks_for_no_page_gets_the_first(text, page):
    assert page_number(text) == page
