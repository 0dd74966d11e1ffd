from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "operations/capacity_measured"


def reading(of: str, resource: str = "disk", **more: Any) -> Made:
    """A reading of this morning."""
    said = {"id": f"{of}/{resource}", "system_id": of, "resource": resource, "measured_at": at("2026-05-04 09:00"), "unit": "bytes"}
    return {**said, "used": 10.0, "available": 100.0, **more}


def given(*readings: Made, **more: Any) -> dict[str, list[Made]]:
    more = {"environment": "production", **more}
    return {"systems": [system("wiki", environment="production"), system("crm", **more)], "capacity_readings": [reading("wiki"), *readings]}


def fault(said: str) -> Any:
    return broken(2, [("test/crm", said)])


OLD = {"measured_at": at("2026-05-03 11:00")}
CASES = {
    "upheld": Case(upheld(2, flips_at=at("2026-05-05 09:00")), **given(reading("crm"), reading("crm", "memory"))),
    "none": Case(fault("nothing of it is measured"), **given()),
    "one aged": Case(fault("not measured lately: memory"), **given(reading("crm"), reading("crm", "memory", **OLD))),
    "aged, and measured since": Case(upheld(2), **given(reading("crm"), reading("crm", id="earlier", **OLD))),
    "just in time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(reading("crm", measured_at=at("2026-05-03 12:00")))),
    "how much is used is unknown": Case(fault("nothing of it is measured"), **given(reading("crm", used=None))),
    "of how much is unknown": Case(fault("nothing of it is measured"), **given(reading("crm", available=None))),
    "a test system": Case(upheld(1), **given(environment="test")),
    "of an unknown environment": Case(unproven("CRM (nothing of it is measured)", 2), **given(environment=None)),
    "serves nobody": Case(upheld(1), **given(in_operation=False)),
    "whether it serves anybody is unknown": Case(unproven("CRM (nothing of it is measured)", 2), **given(in_operation=None)),
    "of an unknown environment, and measured": Case(upheld(2), **given(reading("crm"), environment=None)),
    "no system": Case(unproven("0 of 0"), systems=[], capacity_readings=[]),
    "stale": Case(unproven("stale"), stale=["capacity_readings"], **given(reading("crm"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
