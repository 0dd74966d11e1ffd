from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "physical/delivery_inspected"


def delivery(number: int, **more: Any) -> Made:
    return {"id": str(number), "what": f"parcel {number}", "received_at": at("2026-05-01"), "inspected_at": at("2026-05-01"), **more}


CASES = {
    "upheld": Case(upheld(2), deliveries=[delivery(1), delivery(2, inspected_at=at("2026-05-03"))]),
    "not inspected": Case(
        broken(2, [("test/2", "came on 2026-05-01, and nobody looked into it")], "parcel 2"),
        deliveries=[delivery(1), delivery(2, inspected_at=None)],
    ),
    "to be inspected": Case(
        upheld(1, flips_at=at("2026-05-05 11:00")), deliveries=[delivery(1, received_at=at("2026-05-04 11:00"), inspected_at=None)]
    ),
    "due this instant": Case(
        at_risk(1, flips_at=at("2026-05-04 12:00")), deliveries=[delivery(1, received_at=at("2026-05-03 12:00"), inspected_at=None)]
    ),
    "when is unknown": Case(unproven("when it came is unknown"), deliveries=[delivery(1, received_at=None, inspected_at=None)]),
    "nothing to judge": Case(unproven("0 of 0"), deliveries=[]),
    "stale": Case(unproven("stale"), stale=["deliveries"], deliveries=[delivery(1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
