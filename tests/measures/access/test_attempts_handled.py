from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.handled import detection, event
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "access/attempts_handled"


def given(*found: Made, events: tuple[Made, ...] = ()) -> dict[str, Any]:
    """A detection that was decided about, and others."""
    return {"log_detections": [detection(1), *found], "security_events": [event(1, from_log=True), *events]}


def waiting(**more: Any) -> dict[str, Any]:
    return given(detection(2, event_id="2", **more), events=(event(2, decided_at=None, decision=None),))


MISSING = broken(2, [("test/2", "nobody has decided about it, due by 2026-04-03 08:01")], "Expired account in auth")

CASES = {
    "upheld": Case(upheld(2), **given(detection(2, event_id="2"), events=(event(2, decided_at=at("2026-04-03 08:01")),))),
    "nobody looked": Case(MISSING, **waiting()),
    "not in the queue": Case(MISSING, **given(detection(2, event_id=None))),
    "decided in another register": Case(MISSING, **given(detection(2, event_id="2"), events=(event(2, source="other"),))),
    "late": Case(
        broken(2, [("test/2", "decided at 2026-04-03 08:02, due by 2026-04-03 08:01")]),
        **given(detection(2, event_id="2"), events=(event(2, decided_at=at("2026-04-03 08:02")),)),
    ),
    "waiting": Case(upheld(2, flips_at=at("2026-05-06 11:00")), **waiting(found_at=at("2026-05-04 11:00"))),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **waiting(found_at=at("2026-05-02 12:00"))),
    "for information": Case(upheld(1), **waiting(level="informational")),
    "of an unknown level": Case(unproven("Expired account in auth", 2), **waiting(level=None)),
    "found long ago": Case(upheld(1), **waiting(found_at=at("2025-01-01"))),
    "found at an unknown time": Case(unproven("when it was found is unknown", 2), **waiting(found_at=None)),
    "nothing found": Case(upheld(0), log_detections=[], security_events=[]),
    "stale": Case(unproven("stale"), stale=["log_detections"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
