from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.handled import event
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "incidents/weakness_triaged"


def given(**more: Any) -> list[Made]:
    """A weakness that was triaged and whose reporter was told, a second one, and an event that nobody looks at here."""
    told = {"kind": "weakness", "decision": "weakness-to-mend", "told_at": at("2026-04-02")}
    return [event(1, **told), event(2, **{**told, **more}), event(3, decided_at=None)]


def untriaged(reported: str) -> list[Made]:
    return given(reported_at=at(reported), decided_at=None, decision=None, told_at=None)


CASES = {
    "upheld": Case(upheld(2), security_events=given(decided_at=at("2026-04-03 09:00"), told_at=at("2026-04-10 09:00"))),
    "left untriaged": Case(
        broken(2, [("test/2", "not triaged, due by 2026-05-04 11:00")], "Weakness 2"), security_events=untriaged("2026-05-02 11:00")
    ),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), security_events=untriaged("2026-05-02 12:00")),
    "triaged late": Case(
        broken(2, [("test/2", "triaged late, at 2026-04-03 10:00")]), security_events=given(decided_at=at("2026-04-03 10:00"))
    ),
    "triaged late, of nobody": Case(broken(2), security_events=given(decided_at=at("2026-04-03 10:00"), can_be_told=False, told_at=None)),
    "told late": Case(
        broken(2, [("test/2", "whoever reported it was told late, at 2026-04-08 16:00")]),
        security_events=given(told_at=at("2026-04-08 16:00")),
    ),
    "not told": Case(
        broken(2, [("test/2", "whoever reported it was not told, due by 2026-04-08 15:00")]), security_events=given(told_at=None)
    ),
    "to be told": Case(
        upheld(2, flips_at=at("2026-05-10 12:00")),
        security_events=given(reported_at=at("2026-05-03 11:00"), decided_at=at("2026-05-03 12:00"), told_at=None),
    ),
    "to be told this instant": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")),
        security_events=given(reported_at=at("2026-04-27 11:00"), decided_at=at("2026-04-27 12:00"), told_at=None),
    ),
    "nobody to tell": Case(upheld(2), security_events=given(can_be_told=False, told_at=None)),
    "unknown whom to tell": Case(unproven("Weakness 2"), security_events=given(can_be_told=None, told_at=None)),
    "long ago": Case(upheld(1), security_events=given(reported_at=at("2025-01-01"))),
    "long ago, and open still": Case(broken(2), security_events=untriaged("2025-01-01")),
    "unknown when it was reported": Case(unproven("Weakness 2"), security_events=given(reported_at=None)),
    "unknown when it was reported, of nobody": Case(
        unproven("Weakness 2"), security_events=given(reported_at=None, can_be_told=False, told_at=None)
    ),
    "unknown when, and open": Case(unproven("Weakness 2"), security_events=given(reported_at=None, decided_at=None, told_at=None)),
    "no weakness": Case(upheld(0), security_events=[event(3)]),
    "stale": Case(unproven("stale"), stale=["security_events"], security_events=given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
