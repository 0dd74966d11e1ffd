"""A population is shown only where its file is what was judged."""

import re
from html import unescape

import duckdb
import pytest
from tests.web.conftest import PAGE, outcomes

from upheld.checks.engines.tally import digest, line
from upheld.checks.verdict import Outcome, State
from upheld.verdicts.models import MeasureVerdict
from upheld.web.unaltered import alteration

ADA, BO, CY = (
    Outcome("crm/1", "Ada", False, "left on 2026-04-01"),
    Outcome("crm/2", "Bo", None, "not told"),
    Outcome("crm/3", "Cy", True, "is with us still"),
)
DIGEST = digest(3, 1, "\n".join([line(ADA), line(BO)]))
EDITS = {
    "nobody fails": "SELECT * REPLACE (true AS ok)",
    "another fails": "SELECT * REPLACE (CASE subject WHEN 'crm/1' THEN NULL WHEN 'crm/2' THEN false ELSE ok END AS ok)",
    "another name": "SELECT * REPLACE (replace(label, 'Ada', 'Eve') AS label)",
    "another detail": "SELECT * REPLACE ('is fine' AS detail)",
    "another subject": "SELECT * REPLACE (replace(subject, 'crm', 'hr') AS subject)",
    "one fewer": "SELECT * EXCLUDE (since_on), since_on",
    "excepted": "SELECT * REPLACE (NOT ok AS excepted)",
    "no column": "SELECT * EXCLUDE (ok)",
}


@pytest.fixture
def page(judged, browser):
    judged(State.BROKEN, ADA, BO, CY, digests={"outcomes": DIGEST})

    def asked(path: str = PAGE) -> str:
        return unescape(" ".join(re.sub(r"<[^>]+>", " ", browser.get(path).content.decode()).split()))

    return asked


def file(ledger):
    return ledger.root / MeasureVerdict.objects.get().outcomes


def test_what_was_judged_is_shown(page, ledger):
    assert "is with us still" in page() and "not what was judged" not in page()
    assert alteration(file(ledger), MeasureVerdict.objects.get()) == ""


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_file_is_named_and_not_shown(page, ledger, browser, edit):
    written = file(ledger)
    few = " WHERE subject <> 'crm/3'" if edit == "one fewer" else ""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE o AS {EDITS[edit]} FROM read_parquet('{written}'){few}")
        connection.execute(f"COPY o TO '{written}' (FORMAT parquet)")
    shown = page()
    assert "not what was judged" in shown and str(written) in shown and "Run upheld check" in shown
    assert "is with us still" not in shown and "not told" not in shown
    answer = browser.get(f"{PAGE}population.csv")
    assert answer.status_code == 409
    assert "not what was judged" in answer.content.decode()


@pytest.mark.parametrize("keep", [0, 3, 200])
def test_a_file_that_was_cut_off_is_named(page, ledger, keep):
    written = file(ledger)
    written.write_bytes(written.read_bytes()[:keep])
    assert f"This file cannot be read, so it is not what was judged: {written}." in page()


def test_a_file_that_is_gone_was_not_altered(page, ledger):
    file(ledger).unlink()
    assert "no longer kept" in page()


def test_the_order_of_rows_does_not_matter(page, ledger):
    outcomes(ledger.root, MeasureVerdict.objects.get().measure, [CY, BO, ADA])
    assert "not what was judged" not in page()
