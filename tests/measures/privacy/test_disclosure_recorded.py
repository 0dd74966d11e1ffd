from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/disclosure_recorded"


def export(name: str, **more: Any) -> Made:
    return {"id": name, "system_id": "crm", "recipient": "Auditors", "exported_at": at("2026-04-01 12:00"), **more}


def record(of: str, **more: Any) -> Made:
    return {
        "id": f"d-{of}",
        "export_id": of,
        "recipient": "Auditors",
        "what": "contacts",
        "disclosed_at": at("2026-04-01 09:00"),
        "basis": "instruction",
        **more,
    }


def given(*records: Made, **more: Any) -> dict[str, list[Made]]:
    return {"export_events": [export("x1"), export("x2", **more)], "disclosures": [record("x1"), *records]}


def fault(said: str) -> Any:
    return broken(2, [("test/x2", said)])


CASES = {
    "upheld": Case(upheld(2), **given(record("x2"))),
    "no record": Case(fault("nobody recorded it"), **given()),
    "what is missing": Case(fault("its record does not say what"), **given(record("x2", what=None))),
    "the basis is missing": Case(fault("its record does not say on what basis"), **given(record("x2", basis=None))),
    "to somebody else": Case(fault("recorded for somebody else"), **given(record("x2", recipient="Bank"))),
    "for another day": Case(fault("recorded for another day"), **given(record("x2", disclosed_at=at("2026-04-02")))),
    "recorded twice, once wrong": Case(upheld(2), **given(record("x2"), record("x2", id="y", recipient="Bank"))),
    "to whom is not told": Case(unproven("1 of 2 exports"), **given(record("x2"), recipient=None)),
    "when is not told": Case(unproven("1 of 2 exports"), **given(record("x2"), exported_at=None)),
    "nothing was exported": Case(upheld(0), export_events=[], disclosures=[]),
    "stale": Case(unproven("stale"), stale=["disclosures"], **given(record("x2"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
