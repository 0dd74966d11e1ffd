from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.handled import incident
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "incidents/lessons_drawn"


def review(of: int, when: str, **more: Any) -> Made:
    return {"id": f"r-{of}-{when}", "incident_id": str(of), "person_id": "E-ada", "reviewed_at": at(when), **more}


def given(*reviews: Made, **more: Any) -> dict[str, Any]:
    """An incident that was over on 3 April and reviewed at once, and a second."""
    return {"incidents": [incident(1), incident(2, **more)], "incident_reviews": [review(1, "2026-04-05"), *reviews]}


MISSING = broken(2, [("test/2", "not reviewed, due by 2026-04-17")], "Incident 2")

CASES = {
    "upheld": Case(upheld(2), **given(review(2, "2026-04-17 09:00"))),
    "a high one, 15 days ago": Case(MISSING, **given()),
    "late": Case(broken(2, [("test/2", "reviewed on 2026-04-17, due by 2026-04-17")]), **given(review(2, "2026-04-17 09:01"))),
    "late again": Case(upheld(2), **given(review(2, "2026-04-16"), review(2, "2026-04-20"))),
    "in another register": Case(MISSING, **given(review(2, "2026-04-05", source="other"))),
    "medium": Case(MISSING, **given(severity="medium")),
    "slight": Case(upheld(1), **given(severity="low")),
    "of unknown severity": Case(unproven("Incident 2", 2), **given(severity=None)),
    "waiting": Case(upheld(2, flips_at=at("2026-05-10")), **given(resolved_at=at("2026-04-26"))),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(resolved_at=at("2026-04-20 12:00"))),
    "open still": Case(upheld(1), **given(resolved_at=None)),
    "long ago": Case(upheld(1), **given(resolved_at=at("2025-01-01"))),
    "nothing over": Case(upheld(0), incidents=[], incident_reviews=[]),
    "stale": Case(unproven("stale"), stale=["incident_reviews"], **given(review(2, "2026-04-05"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
