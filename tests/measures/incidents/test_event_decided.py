from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.handled import event
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "incidents/event_decided"


def given(**more: Any) -> list[Made]:
    """An event that was decided about, and a second."""
    return [event(1), event(2, **more)]


def waiting(reported: str, **more: Any) -> list[Made]:
    """A second event that nobody has decided about."""
    return given(reported_at=at(reported), decided_at=None, decision=None, has_reason=False, **more)


CASES = {
    "upheld": Case(upheld(2), security_events=given(decided_at=at("2026-04-03 09:00"))),
    "left for longer than the window": Case(
        broken(2, [("test/2", "not decided about, due by 2026-05-04 11:00")], "Event 2"), security_events=waiting("2026-05-02 11:00")
    ),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), security_events=waiting("2026-05-02 12:00")),
    "waiting": Case(upheld(2, flips_at=at("2026-05-06 11:00")), security_events=waiting("2026-05-04 11:00")),
    "late": Case(
        broken(2, [("test/2", "decided at 2026-04-03 10:00, due by 2026-04-03 09:00")]),
        security_events=given(decided_at=at("2026-04-03 10:00")),
    ),
    "without a reason": Case(broken(2, [("test/2", "decided without a reason: no-incident")]), security_events=given(has_reason=False)),
    "nothing decided": Case(broken(2, [("test/2", "looked at, and nothing was decided")]), security_events=given(decision=None)),
    "a weakness": Case(broken(2, reason="Weakness 2"), security_events=waiting("2026-05-01", kind="weakness")),
    "long ago": Case(upheld(1), security_events=given(reported_at=at("2025-01-01"))),
    "long ago, and open still": Case(broken(2, reason="Event 2"), security_events=waiting("2025-01-01")),
    "unknown whether it has a reason": Case(unproven("Event 2"), security_events=given(has_reason=None)),
    "unknown whether it has a reason, of today": Case(
        unproven("Event 2"),
        security_events=given(reported_at=at("2026-05-04 10:00"), decided_at=at("2026-05-04 11:00"), has_reason=None),
    ),
    "unknown when it was reported": Case(unproven("Event 2 (when it was reported"), security_events=given(reported_at=None)),
    "unknown when, and open": Case(
        unproven("Event 2"), security_events=given(reported_at=None, decided_at=None, decision=None, has_reason=False)
    ),
    "nothing reported": Case(upheld(0), security_events=[]),
    "stale": Case(unproven("stale"), stale=["security_events"], security_events=[event(1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
