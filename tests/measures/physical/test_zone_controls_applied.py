from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, on
from tests.measures.sited import zone
from tests.mutants import survivors

MEASURE = "physical/zone_controls_applied"


def rule(classification: str, control: str, **more: Any) -> Made:
    return {"id": f"{classification} {control}", "classification": classification, "control": control, **more}


def control(zone_id: str, name: str, **more: Any) -> Made:
    return {"id": f"{zone_id} {name}", "zone_id": zone_id, "control": name, "applied_on": on("2025-01-01"), **more}


def given(*zones: Made, controls: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Internal zones need a lock, strict ones an alarm too, public ones nothing."""
    return {
        "zones": [zone("office"), *zones],
        "zone_control_rules": [rule("internal", "lock"), rule("strict", "lock"), rule("strict", "alarm"), rule("public", "none")],
        "zone_controls": [control("office", "lock"), control("office", "lock") | {"id": "again"}, *controls],
    }


CASES = {
    "upheld": Case(upheld(2), **given(zone("yard", classification="public"))),
    "many at once": Case(
        broken(4, [("test/hall", "lacks lock"), ("test/vault", "lacks alarm")], "1 is unknown"),
        **given(
            zone("hall"),
            zone("vault", classification="strict"),
            zone("attic", classification="confidential"),
            controls=(control("vault", "lock"), control("hall", "alarm")),
        ),
    ),
    "nobody said what it needs": Case(
        unproven("nobody said what a zone that is of an unknown class needs", 2), **given(zone("attic", classification=None))
    ),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"zones": []}),
    "stale": Case(unproven("stale"), stale=["zone_controls"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
