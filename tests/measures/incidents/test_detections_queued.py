from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.handled import detection, event
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "incidents/detections_queued"


def given(*found: Made, **more: Any) -> dict[str, Any]:
    """A detection that is in the queue, and others."""
    return {"log_detections": [detection(1), *found], "security_events": [event(1, from_log=True)], **more}


MISSING = broken(2, [("test/2", "in no event of the queue")], "Expired account in auth")

CASES = {
    "upheld": Case(upheld(2), **given(detection(2, level="critical"))),
    "dropped from the queue": Case(MISSING, **given(detection(2, event_id="7"))),
    "never queued": Case(MISSING, **given(detection(2, event_id=None))),
    "critical, never queued": Case(MISSING, **given(detection(2, event_id=None, level="critical"))),
    "in the queue of another register": Case(
        MISSING, **given(detection(2, event_id="8"), security_events=[event(1), event(8, source="other")])
    ),
    "of a lower level": Case(upheld(1), **given(detection(2, event_id=None, level="medium"))),
    "of an unknown level": Case(
        unproven("Expired account in auth (in no event of the queue)", 2), **given(detection(2, event_id=None, level=None))
    ),
    "on its way": Case(upheld(2, flips_at=at("2026-05-04 12:30")), **given(detection(2, event_id=None, found_at=at("2026-05-04 11:30")))),
    "due this instant": Case(
        upheld(2, flips_at=at("2026-05-04 12:00")), **given(detection(2, event_id=None, found_at=at("2026-05-04 11:00")))
    ),
    "found long ago": Case(upheld(1), **given(detection(2, event_id=None, found_at=at("2025-01-01")))),
    "found at an unknown time": Case(unproven("when it was found is unknown", 2), **given(detection(2, event_id=None, found_at=None))),
    "nothing found": Case(upheld(0), log_detections=[], security_events=[]),
    "stale": Case(unproven("stale"), stale=["log_detections"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
