from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import protection, site
from tests.mutants import survivors

MEASURE = "physical/protection_tested"


def given(*protections: Made, **more: Any) -> dict[str, Any]:
    """A site with two hazards, of which fire is taken care of."""
    return {"sites": [site(hazards=["fire", "flood"], **more)], "protections": [protection(1, "fire"), *protections]}


NEVER = {"tested_at": None, "worked": None, "test_due_at": None}
CASES = {
    "upheld": Case(
        upheld(2, flips_at=at("2027-04-01")), **given(protection(2, "flood"), protection(3, "flood", test_due_at=at("2026-01-01")))
    ),
    "nothing protects": Case(broken(2, [("test/hq/flood", "nothing protects against it")], "HQ, flood"), **given()),
    "never tested": Case(broken(2, [("test/hq/flood", "its protection was never tested")]), **given(protection(2, "flood", **NEVER))),
    "did not work": Case(
        broken(2, [("test/hq/flood", "its protection did not work when it was tested on 2026-04-01")]),
        **given(protection(2, "flood", worked=False)),
    ),
    "too long ago": Case(
        broken(2, [("test/hq/flood", "last tested on 2026-04-01")]), **given(protection(2, "flood", test_due_at=at("2026-05-04 11:59")))
    ),
    "another is soon due": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")), **given(protection(2, "flood", test_due_at=at("2026-05-04 12:00")))
    ),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"sites": [site()]}),
    "unknown: read in part": Case(unproven("never"), partial=["protections"], **given(protection(2, "flood"))),
    "stale": Case(unproven("stale"), stale=["protections"], **given(protection(2, "flood"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
