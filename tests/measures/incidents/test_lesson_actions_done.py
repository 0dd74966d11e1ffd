from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "incidents/lesson_actions_done"


def follow_up(number: int, due: str | None, done: str | None = None, **more: Any) -> Made:
    due_on, done_at = due and on(due), done and at(done)
    return {
        "id": str(number),
        "incident_id": "1",
        "what": f"Patch {number}",
        "owner_id": "E-ada",
        "due_on": due_on,
        "done_at": done_at,
        **more,
    }


DONE = follow_up(1, "2026-04-20", "2026-04-19")

CASES = {
    "upheld": Case(upheld(2), incident_follow_ups=[DONE, follow_up(2, "2026-04-20", "2026-05-01")]),
    "lapsed": Case(broken(2, [("test/2", "was due by 2026-05-03")], "Patch 2"), incident_follow_ups=[DONE, follow_up(2, "2026-05-03")]),
    "due today": Case(at_risk(2, flips_at=at("2026-05-05")), incident_follow_ups=[DONE, follow_up(2, "2026-05-04")]),
    "due later": Case(upheld(2, flips_at=at("2026-06-02")), incident_follow_ups=[DONE, follow_up(2, "2026-06-01")]),
    "due at an unknown time": Case(unproven("Patch 2 (when it is due is unknown)", 2), incident_follow_ups=[DONE, follow_up(2, None)]),
    "nothing to do": Case(upheld(0), incident_follow_ups=[]),
    "stale": Case(unproven("stale"), stale=["incident_follow_ups"], incident_follow_ups=[DONE]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
