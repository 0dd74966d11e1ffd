from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "assets/classified"


def information(name: str, **more: Any) -> Made:
    """Internal information, looked at in April."""
    answers = {"law": 1, "value": 2, "criticality": 1, "sensitivity": 2}
    return {"id": name, "title": name.upper(), **answers, "classification": "internal", "reviewed_at": at("2026-04-01"), **more}


CASES = {
    "upheld": Case(
        upheld(4, flips_at=at("2027-04-01")),
        information_assets=[
            information("a"),
            information("b", law=1, value=1, sensitivity=1, classification="public"),
            information("c", criticality=3, classification="confidential"),
            information("d", sensitivity=4, classification="strict"),
        ],
    ),
    "many at once": Case(
        broken(
            8,
            [
                ("test/b", "was not judged by law"),
                ("test/c", "was not judged by value"),
                ("test/d", "was not judged by criticality, sensitivity"),
                ("test/e", "is called nothing, and follows to be internal"),
                ("test/f", "is called public, and follows to be internal"),
                ("test/g", "was last looked at on 2025-05-04"),
                ("test/h", "is to be classified anew, since it changed"),
            ],
        ),
        information_assets=[
            information("a"),
            information("b", law=None),
            information("c", value=None),
            information("d", criticality=None, sensitivity=None),
            information("e", classification=None),
            information("f", classification="public"),
            information("g", reviewed_at=at("2025-05-04 11:00")),
            information("h", reviewed_at=None),
        ],
    ),
    "due this instant": Case(
        at_risk(1, flips_at=at("2026-05-04 12:00")), information_assets=[information("a", reviewed_at=at("2025-05-04 12:00"))]
    ),
    "nothing to judge": Case(unproven("0 of 0"), information_assets=[]),
    "unknown: read in part": Case(unproven("never"), partial=["information_assets"], information_assets=[information("a")]),
    "stale": Case(unproven("stale"), stale=["information_assets"], information_assets=[information("a")]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
