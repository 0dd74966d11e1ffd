import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "compliance/findings_closed_in_time"


def found(number: str = "1", due: str | None = "2026-06-30", closed: str | None = None) -> Made:
    return {"id": number, "title": f"F{number}", "due_on": on(due) if due else None, "closed_at": at(closed) if closed else None}


LATE = broken(2, [("test/1", "open, was due by 2026-05-03")])

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2026-07-01")), audit_findings=[found(), found("2", "2026-01-01", "2026-04-01")]),
    "due today": Case(at_risk(1, flips_at=at("2026-05-05")), audit_findings=[found(due="2026-05-04")]),
    "late": Case(LATE, audit_findings=[found(due="2026-05-03"), found("2")]),
    "no day": Case(unproven("when it is due is unknown", 1), audit_findings=[found(due=None)]),
    "nothing found": Case(upheld(0), audit_findings=[]),
    "stale": Case(unproven("stale"), stale=["audit_findings"], audit_findings=[found()]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
