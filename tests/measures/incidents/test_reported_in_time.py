import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.handled import event
from tests.measures.made import at
from tests.mutants import survivors

MEASURE = "incidents/reported_in_time"
LATE = event(2, noticed_at=at("2026-04-01 08:00"), reported_at=at("2026-04-04 08:00"))

CASES = {
    "upheld": Case(upheld(2), security_events=[event(1), event(2, reported_at=at("2026-04-02 08:00"))]),
    "three days later": Case(
        broken(2, [("test/2", "noticed at 2026-04-01 08:00, reported at 2026-04-04 08:00")], "Event 2"), security_events=[event(1), LATE]
    ),
    "long ago": Case(upheld(1), security_events=[event(1), event(2, noticed_at=at("2025-01-01"), reported_at=at("2025-02-01"))]),
    "unknown when it was noticed": Case(
        unproven("Event 2 (when it was noticed or reported is unknown)"), security_events=[event(1), event(2, noticed_at=None)]
    ),
    "unknown when it was reported": Case(unproven("Event 2"), security_events=[event(1), event(2, reported_at=None)]),
    "nothing reported": Case(upheld(0), security_events=[]),
    "stale": Case(unproven("stale"), stale=["security_events"], security_events=[event(1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
