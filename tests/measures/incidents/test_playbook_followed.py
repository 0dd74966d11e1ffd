from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.handled import incident, step
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "incidents/playbook_followed"
EXCUSED = {"done_at": None, "excused_at": at("2026-04-02"), "has_reason": True}


def given(*steps: Made, **more: Any) -> dict[str, Any]:
    """An incident whose one step was done, and a second with `steps`."""
    return {"incidents": [incident(1), incident(2, **more)], "incident_steps": [step(1, 1), *steps]}


OPEN = broken(2, [("test/2", "1 of 2 steps were neither done nor excused when it was resolved")], "Incident 2")

CASES = {
    "upheld": Case(upheld(2), **given(step(2, 2), step(3, 2, **EXCUSED))),
    "resolved with a step open": Case(OPEN, **given(step(2, 2), step(3, 2, done_at=None))),
    "done only afterwards": Case(OPEN, **given(step(2, 2), step(3, 2, done_at=at("2026-04-03 10:00")))),
    "done at the last moment": Case(upheld(2), **given(step(2, 2), step(3, 2, done_at=at("2026-04-03 09:00")))),
    "excused only afterwards": Case(OPEN, **given(step(2, 2), step(3, 2, **{**EXCUSED, "excused_at": at("2026-04-03 10:00")}))),
    "excused at the last moment": Case(upheld(2), **given(step(3, 2, **{**EXCUSED, "excused_at": at("2026-04-03 09:00")}))),
    "excused without a reason": Case(OPEN, **given(step(2, 2), step(3, 2, **{**EXCUSED, "has_reason": False}))),
    "excused, unknown why": Case(OPEN, **given(step(2, 2), step(3, 2, **{**EXCUSED, "has_reason": None}))),
    "an optional step": Case(upheld(2), **given(step(2, 2), step(3, 2, done_at=None, mandatory=False))),
    "without a playbook": Case(broken(2, [("test/2", "resolved without any step of a playbook")]), **given()),
    "steps in another register": Case(
        broken(2, [("test/2", "resolved without any step of a playbook")]), **given(step(2, 2, source="other"))
    ),
    "open still": Case(upheld(1), **given(step(2, 2, done_at=None), resolved_at=None)),
    "long ago": Case(upheld(1), **given(resolved_at=at("2025-01-01"))),
    "unknown whether mandatory": Case(unproven("which of its steps are mandatory is unknown", 2), **given(step(2, 2, mandatory=None))),
    "nothing resolved": Case(upheld(0), incidents=[], incident_steps=[]),
    "stale": Case(unproven("stale"), stale=["incident_steps"], **given(step(2, 2))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
