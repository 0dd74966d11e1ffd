from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "operations/runbook_exists"


def book(of: str, title: str = "Restart", **more: Any) -> Made:
    """A runbook that was found right in February."""
    return {"id": f"{of}-{title}", "system_id": of, "title": title, "owner_id": "E-ada", "looked_at": at("2026-02-01"), **more}


def given(*books: Made, **more: Any) -> dict[str, list[Made]]:
    more = {"environment": "production", **more}
    return {"systems": [system("wiki", environment="production"), system("crm", **more)], "runbooks": [book("wiki"), *books]}


def fault(said: str) -> Any:
    return broken(2, [("test/crm", said)], "CRM")


CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given(book("crm"), book("crm", "Restore"))),
    "none": Case(fault("no runbook"), **given()),
    "one aged": Case(fault("not found right lately: Restore"), **given(book("crm"), book("crm", "Restore", looked_at=at("2025-05-03")))),
    "one nearly aged": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(book("crm"), book("crm", "Restore", looked_at=at("2025-05-05")))
    ),
    "one never tried": Case(fault("not found right lately: Restore"), **given(book("crm"), book("crm", "Restore", looked_at=None))),
    "a test system": Case(upheld(1), **given(environment="test")),
    "of an unknown environment": Case(unproven("CRM (no runbook)", 2), **given(environment=None)),
    "of an unknown environment, and written": Case(upheld(2), **given(book("crm"), environment=None)),
    "serves nobody": Case(upheld(1), **given(in_operation=False)),
    "whether it serves anybody is unknown": Case(unproven("CRM (no runbook)", 2), **given(in_operation=None)),
    "no system": Case(unproven("0 of 0"), systems=[], runbooks=[]),
    "stale": Case(unproven("stale"), stale=["runbooks"], **given(book("crm"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
