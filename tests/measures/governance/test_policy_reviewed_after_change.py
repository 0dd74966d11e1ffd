from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "governance/policy_reviewed_after_change"


def change(number: str, when: str | None, **more: Any) -> Made:
    return {"id": number, "policy_id": "access", "kind": "incident", "what": "a leak", "happened_at": when and at(when), **more}


def review(when: str, **more: Any) -> Made:
    return {"id": f"r-{when}", "policy_id": "access", "person_id": "E-ada", "reviewed_at": at(when), **more}


def given(*reviews: Made, when: str | None = "2026-03-10") -> dict[str, Any]:
    """A change of January, answered in time, and another one."""
    return {
        "policies": [policy("access"), policy("other")],
        "policy_changes": [change("1", "2026-01-01"), change("2", when)],
        "policy_reviews": [review("2026-01-20"), *reviews],
    }


MISSING = broken(2, [("test/2", "not reviewed, due by 2026-04-09")], "Access, incident")

CASES = {
    "upheld": Case(upheld(2), **given(review("2026-04-09"))),
    "at once": Case(upheld(2), **given(review("2026-03-10"))),
    "late": Case(broken(2, [("test/2", "reviewed on 2026-04-10, due by 2026-04-09")]), **given(review("2026-04-10"))),
    "late, and again": Case(
        broken(2, [("test/2", "reviewed on 2026-04-10, due by 2026-04-09")]), **given(review("2026-04-10"), review("2026-04-11"))
    ),
    "not at all": Case(MISSING, **given()),
    "another policy": Case(MISSING, **given(review("2026-03-11", policy_id="other"))),
    "in another register": Case(MISSING, **given(review("2026-03-11", source="other"))),
    "not yet": Case(upheld(2, flips_at=at("2026-05-31")), **given(when="2026-05-01")),
    "soon due": Case(at_risk(2, flips_at=at("2026-05-08")), **given(when="2026-04-08")),
    "due this instant": Case(at_risk(2), **given(when="2026-04-04 12:00")),
    "when is unknown": Case(unproven("Access, incident (when it happened is unknown)", 2), **given(when=None)),
    "nothing happened": Case(upheld(0), policies=[policy("access")], policy_changes=[], policy_reviews=[]),
    "stale": Case(unproven("stale"), stale=["policy_reviews"], **given(review("2026-04-09"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
