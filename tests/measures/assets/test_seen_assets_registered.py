from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, device
from tests.measures.sited import asset
from tests.mutants import survivors

MEASURE = "assets/seen_assets_registered"

LONG = {"seen_from_at": at("2026-04-01")}
NEW = {"seen_from_at": at("2026-05-03")}


def given(*devices: Made, history: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """A laptop on the inventory, and a share among the stores."""
    return {
        "registered_assets": [asset("L-1"), asset("L-old", state="disposed")],
        "registered_stores": [{"id": "share"}],
        "devices": [device("L-1", **LONG), *devices],
        "store_states": [{"id": "share", **LONG}],
        "hosts": [],
        "repositories": [],
        "history": {"devices": list(history)},
        **more,
    }


NOT = "is not on the inventory, and seen since 2026-04-01"
CASES = {
    "upheld": Case(upheld(2), **given(history=(device("L-gone", **LONG, seen_until_at=at("2026-05-01"), ended="vanished"),))),
    "many at once": Case(
        broken(
            6,
            [
                ("device/L-2", NOT),
                ("device/L-old", "is on the inventory as disposed of, and is still seen"),
                ("host/db", NOT),
                ("repository/app", NOT),
            ],
        ),
        **given(
            device("L-2", **LONG),
            device("L-old", **LONG),
            hosts=[{"id": "db", **LONG}],
            repositories=[{"id": "app", "system_id": "x", **LONG}],
        ),
    ),
    "changed, and seen for long": Case(
        broken(3, [("device/L-2", NOT)]),
        **given(device("L-2", **NEW), history=(device("L-2", **LONG, seen_until_at=at("2026-05-03"), ended="changed"),)),
    ),
    "new": Case(upheld(3, flips_at=at("2026-05-10")), **given(device("L-2", **NEW))),
    "due this instant": Case(at_risk(3, flips_at=at("2026-05-04 12:00")), **given(device("L-2", seen_from_at=at("2026-04-27 12:00")))),
    "nothing to judge": Case(unproven("0 of 0"), registered_assets=[], registered_stores=[], devices=[]),
    "unknown: read in part": Case(unproven("never"), partial=["registered_assets"], **given()),
    "stale": Case(unproven("stale"), stale=["registered_assets"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
