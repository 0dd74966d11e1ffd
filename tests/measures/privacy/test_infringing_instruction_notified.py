from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/infringing_instruction_notified"


def instruction(name: str, **more: Any) -> Made:
    """Found to infringe on 2 May, suspended and told the same day."""
    return {
        "id": name,
        "title": f"Acme: {name}",
        "customer_id": "acme",
        "purpose": "profiling",
        "data_categories": ["contacts"],
        "assessed_at": at("2026-05-02 12:00"),
        "infringing": True,
        "suspended_at": at("2026-05-02 12:00"),
        "notified_at": at("2026-05-02 13:00"),
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    return {
        "instructions": [
            instruction("a", purpose="selling"),
            instruction("b", infringing=False, suspended_at=None),
            instruction("x", **more),
        ]
    }


def seen(happened_at: str, **more: Any) -> list[Made]:
    return [{"id": "e", "customer_id": "acme", "purpose": "profiling", "happened_at": at(happened_at), **more}]


def fault(said: str) -> Any:
    return broken(2, [("test/x", said)])


RAN = fault("carried out 1 times while it was suspended")

CASES = {
    "upheld": Case(upheld(2), **given()),
    "told a day later": Case(upheld(2), **given(notified_at=at("2026-05-03 12:00"))),
    "told later still": Case(fault("told on 2026-05-03"), **given(notified_at=at("2026-05-03 12:01"))),
    "not told": Case(fault("nothing proves that the customer was told"), **given(notified_at=None)),
    "not told yet": Case(upheld(2, flips_at=at("2026-05-05 11:00")), **given(notified_at=None, assessed_at=at("2026-05-04 11:00"))),
    "soon too late": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(notified_at=None, assessed_at=at("2026-05-03 12:00"))),
    "when it was assessed is not known": Case(unproven("1 of 2 instructions"), **given(assessed_at=None)),
    "not suspended": Case(fault("was not suspended"), **given(suspended_at=None)),
    "carried out": Case(RAN, processing_events=seen("2026-05-03"), **given()),
    "carried out at that moment": Case(RAN, processing_events=seen("2026-05-02 12:00"), **given()),
    "carried out before": Case(upheld(2), processing_events=seen("2026-05-02 11:00"), **given()),
    "carried out after it was settled": Case(upheld(2), processing_events=seen("2026-05-03"), **given(settled_at=at("2026-05-03"))),
    "for another customer": Case(upheld(2), processing_events=seen("2026-05-03", customer_id="brand"), **given()),
    "for something else": Case(upheld(2), processing_events=seen("2026-05-03", purpose="mailing"), **given()),
    "none infringes": Case(upheld(0), instructions=[instruction("b", infringing=False)]),
    "not assessed": Case(upheld(0), instructions=[instruction("b", infringing=None)]),
    "stale": Case(unproven("stale"), stale=["instructions"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
