from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "governance/policy_review_current"


def given(**more: Any) -> dict[str, list[Made]]:
    """Two policies, of which one may be told otherwise."""
    return {"policies": [policy("access"), policy("crypto", **more)]}


CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-04-01")), **given()),
    "overdue": Case(
        broken(2, [("test/crypto", "should have been reviewed by 2026-05-03")], "Crypto"), **given(review_due_at=at("2026-05-03"))
    ),
    "due soon": Case(at_risk(2, flips_at=at("2026-05-10")), **given(review_due_at=at("2026-05-10"))),
    "due this instant": Case(at_risk(2), **given(review_due_at=at("2026-05-04 12:00"))),
    "not published": Case(upheld(1), **given(version_id=None, review_due_at=at("2026-05-03"))),
    "when is unknown": Case(unproven("Crypto (when it is to be reviewed is unknown)", 2), **given(review_due_at=None)),
    "no policy": Case(unproven("0 of 0"), policies=[]),
    "stale": Case(unproven("stale"), stale=["policies"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
