from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import inspection, zone
from tests.mutants import survivors

MEASURE = "physical/perimeter_inspected"

HELD = {"personal_data": True, "perimeter_id": "1"}


def given(*zones: Made, inspections: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Perimeter 1 was inspected in April, and nothing is known of 2."""
    return {
        "zones": [zone("office", **HELD), *zones],
        "perimeters": [{"id": "1", "title": "the wall"}, {"id": "2", "title": "the fence"}, {"id": "3", "title": "the gate"}],
        "inspections": [inspection(1, "1", "perimeter", "2026-04-01"), *inspections],
    }


CASES = {
    "upheld": Case(upheld(1, flips_at=at("2027-04-01")), **given(zone("yard"))),
    "many at once": Case(
        broken(
            7,
            [
                ("test/archive", "lies inside no perimeter"),
                ("test/depot", "the fence was last inspected on 2025-05-03"),
                ("test/gatehouse", "lies inside the gate, which nobody has inspected and found whole"),
                ("test/gone", "lies inside no perimeter"),
            ],
        ),
        **given(
            zone("archive", personal_data=True),
            zone("depot", equipment=True, perimeter_id="2"),
            zone("gatehouse", equipment=True, personal_data=None, perimeter_id="3"),
            zone("gone", personal_data=True, perimeter_id="9"),
            zone("safe", personal_data=None, equipment=None, perimeter_id="1"),
            zone("shed", personal_data=None),
            inspections=(
                inspection(2, "2", "perimeter", "2025-05-03"),
                inspection(3, "2", "clear desk", "2026-04-01"),
                inspection(4, "3", "perimeter", "2026-04-01", passed=False),
                inspection(5, "9", "perimeter", "2026-04-01"),
            ),
        ),
    ),
    "found, and mended": Case(
        upheld(2),
        **given(
            zone("depot", equipment=True, perimeter_id="2"),
            inspections=(inspection(2, "2", "perimeter", "2026-04-01", passed=False, closed_at=at("2026-04-02")),),
        ),
    ),
    "due this instant": Case(
        at_risk(1, flips_at=at("2026-05-04 12:00")), **given() | {"inspections": [inspection(1, "1", "perimeter", "2025-05-04 12:00")]}
    ),
    "whether anything is there is unknown": Case(unproven("lies inside no perimeter"), **given(zone("shed", personal_data=None))),
    "nothing to judge": Case(unproven("0 of 0"), zones=[zone("yard")], perimeters=[], inspections=[]),
    "stale": Case(unproven("stale"), stale=["inspections"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
