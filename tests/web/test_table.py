"""Populations as CSV: exactly what is shown, and nothing that a spreadsheet would run."""

import csv

from tests.web.conftest import PAGE
from tests.web.test_pages import leaver

from upheld.checks.verdict import Outcome, State
from upheld.web.population import Subject
from upheld.web.table import csv_lines


def read(answer) -> list[list[str]]:
    return list(csv.reader(b"".join(answer).decode().splitlines()))


def test_what_is_shown_is_what_is_given(judged, browser):
    judged(State.BROKEN, leaver(1), leaver(2, ok=True), leaver(3, ok=None))
    head, *lines = read(browser.get(f"{PAGE}population.csv"))
    assert head == ["subject", "label", "outcome", "found", "flips at", "more"]
    assert [line[:3] for line in lines] == [["crm/1", "Alice 1", "fails"], ["crm/3", "Alice 3", "unknown"], ["crm/2", "Alice 2", "passes"]]
    assert len(read(browser.get(f"{PAGE}population.csv?show=fail&q=alice"))) == 2
    assert 'href="population.csv?show=fail"' in browser.get(f"{PAGE}?show=fail&page=1").content.decode()


def test_it_is_whole_where_the_page_cuts(judged, browser):
    judged(State.BROKEN, Outcome("crm/1", "Alice", False, "x" * 5000))
    assert len(read(browser.get(f"{PAGE}population.csv"))[1][3]) == 5000
    assert "x" * 1001 not in browser.get(PAGE).content.decode()


def test_no_cell_is_a_formula():
    cells = ["=1+1", "+1", "-1", "@sum", "\tx", "plain, with comma", 'a "word"\nand a line']
    subjects = [Subject(cell, cell, False, cell, None, False, ()) for cell in cells]
    lines = list(csv.reader("".join(csv_lines(subjects)).splitlines(keepends=True)))
    assert [line[0] for line in lines[1:]] == [f"'{cell}" for cell in cells[:5]] + cells[5:]


def test_a_population_that_is_not_kept_is_not_found(ledger, browser):
    assert browser.get(f"{PAGE}population.csv").status_code == 404
    assert browser.get("/measures/no/such/population.csv").status_code == 404
