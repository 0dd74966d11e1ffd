from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import inspection, zone
from tests.mutants import survivors

MEASURE = "access/clear_desk_inspected"

DESKS = {"desks": True}


def given(*zones: Made, inspections: tuple[Made, ...] = ()) -> dict[str, Any]:
    return {
        "zones": [zone("office", **DESKS), zone("yard"), *zones],
        "inspections": [
            inspection(1, "office", "clear desk", "2026-04-01"),
            inspection(2, "office", "clear desk", "2025-01-01"),
            *inspections,
        ],
    }


FOUND = {"passed": False}
CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-07-01")), **given()),
    "many at once": Case(
        broken(
            5,
            [
                ("test/attic", "last walked round on 2026-02-03"),
                ("test/cellar", "nobody has walked round it"),
                ("test/hall", "what was found on 2026-04-10 is not mended"),
            ],
            "1 is unknown",
        ),
        **given(
            zone("attic", **DESKS),
            zone("cellar", **DESKS),
            zone("hall", **DESKS),
            zone("shed", desks=None),
            inspections=(
                inspection(3, "attic", "clear desk", "2026-02-03"),
                inspection(4, "cellar", "perimeter", "2026-04-01"),
                inspection(5, "hall", "clear desk", "2026-04-10", **FOUND),
                inspection(6, "hall", "clear desk", "2026-04-20"),
            ),
        ),
    ),
    "found, and to be mended": Case(
        at_risk(2, flips_at=at("2026-05-15")),
        **given(zone("hall", **DESKS), inspections=(inspection(3, "hall", "clear desk", "2026-05-01", **FOUND),)),
    ),
    "found, and mended": Case(
        upheld(2),
        **given(
            zone("hall", **DESKS), inspections=(inspection(3, "hall", "clear desk", "2026-04-10", closed_at=at("2026-04-11"), **FOUND),)
        ),
    ),
    "due this instant": Case(
        at_risk(1, flips_at=at("2026-05-04 12:00")),
        zones=[zone("office", **DESKS)],
        inspections=[inspection(1, "office", "clear desk", "2026-02-04 12:00")],
    ),
    "whether anybody works there is unknown": Case(unproven("nobody has walked round it"), **given(zone("shed", desks=None))),
    "nothing to judge": Case(unproven("0 of 0"), zones=[zone("yard")], inspections=[]),
    "stale": Case(unproven("stale"), stale=["inspections"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
