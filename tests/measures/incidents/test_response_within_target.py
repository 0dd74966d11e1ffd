from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.handled import incident
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "incidents/response_within_target"


def given(**more: Any) -> list[Made]:
    """An incident that was answered in time, and a second."""
    return [incident(1), incident(2, **more)]


def new(opened: str, **more: Any) -> list[Made]:
    """A critical incident that nobody has taken on yet."""
    open_ = {"acknowledged_at": None, "contained_at": None, "resolved_at": None, "closed_at": None}
    return given(**{"severity": "critical", "opened_at": at(opened), **open_, **more})


CASES = {
    "upheld": Case(upheld(4), incidents=given(acknowledged_at=at("2026-04-01 13:00"), contained_at=at("2026-04-04 09:00"))),
    "a critical one that nobody took on": Case(
        broken(4, [("test/2/taken on", "not taken on, due by 2026-05-04 11:59")], "Incident 2, taken on"), incidents=new("2026-05-04 10:59")
    ),
    "due this instant": Case(at_risk(4, flips_at=at("2026-05-04 12:00")), incidents=new("2026-05-04 11:00")),
    "to be contained": Case(
        upheld(4, flips_at=at("2026-05-05 11:30")), incidents=new("2026-05-04 11:30", acknowledged_at=at("2026-05-04 11:40"))
    ),
    "taken on late": Case(
        broken(4, [("test/2/taken on", "taken on at 2026-04-01 13:01, due by 2026-04-01 13:00")]),
        incidents=given(acknowledged_at=at("2026-04-01 13:01")),
    ),
    "contained late": Case(
        broken(4, [("test/2/contained", "contained at 2026-04-04 09:01, due by 2026-04-04 09:00")]),
        incidents=given(contained_at=at("2026-04-04 09:01")),
    ),
    "contained and never taken on": Case(upheld(4), incidents=given(acknowledged_at=None, contained_at=at("2026-04-01 12:00"))),
    "a medium one": Case(
        broken(4, [("test/2/contained", "contained at 2026-04-08 09:01, due by 2026-04-08 09:00")]),
        incidents=given(severity="medium", acknowledged_at=at("2026-04-02 09:00"), contained_at=at("2026-04-08 09:01")),
    ),
    "a low one": Case(
        broken(4, [("test/2/taken on", "taken on at 2026-04-04 09:01, due by 2026-04-04 09:00")]),
        incidents=given(severity="low", acknowledged_at=at("2026-04-04 09:01"), contained_at=at("2026-05-01 09:00")),
    ),
    "long ago": Case(upheld(2), incidents=given(opened_at=at("2025-01-01"))),
    "long ago, and open still": Case(broken(4, reason="Incident 2"), incidents=new("2025-01-01")),
    "of unknown severity": Case(unproven("how severe it is", 4), incidents=given(severity=None)),
    "of unknown severity, and open": Case(unproven("how severe it is", 4), incidents=new("2026-05-04 11:30", severity=None)),
    "no incident": Case(upheld(0), incidents=[]),
    "stale": Case(unproven("stale"), stale=["incidents"], incidents=[incident(1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
