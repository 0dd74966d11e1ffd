from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.measures.sited import zone
from tests.mutants import survivors

MEASURE = "physical/delivery_isolated"


def door(number: int, here: str, there: str, control: str | None = None) -> Made:
    return {"id": str(number), "zone_id": here, "other_zone_id": there, "control": control}


def given(*doors: Made) -> dict[str, Any]:
    """A dock that leads to the lobby."""
    return {
        "zones": [
            zone("dock", kind="delivery"),
            zone("lobby", kind="visitor"),
            zone("office", processes_data=True),
            zone("vault", kind="secure", processes_data=True),
            zone("attic", processes_data=None),
        ],
        "zone_doors": [door(1, "dock", "lobby"), *doors],
    }


OPEN = "opens into a zone that processes data, and nothing controls it"
CASES = {
    "upheld": Case(upheld(3), **given(door(2, "office", "dock", "a lock"), door(3, "office", "vault"))),
    "many at once": Case(
        broken(4, [("test/2/dock", OPEN), ("test/3/lobby", OPEN)], "Dock to Vault"),
        **given(door(2, "dock", "vault"), door(3, "office", "lobby")),
    ),
    "unknown": Case(unproven("whether data are processed beyond it is unknown"), **given(door(2, "dock", "attic"))),
    "no such zone": Case(upheld(0), zones=[zone("office")], zone_doors=[]),
    "stale": Case(unproven("stale"), stale=["zone_doors"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
