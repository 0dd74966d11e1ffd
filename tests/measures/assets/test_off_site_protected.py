from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, device
from tests.measures.sited import asset, permission
from tests.mutants import survivors

MEASURE = "assets/off_site_protected"


def sighting(number: int, name: str = "L-1", when: str = "2026-05-01", **more: Any) -> Made:
    return {"id": str(number), "device_id": name, "off_site": True, "seen_at": at(when), **more}


def given(*sightings: Made, permissions: tuple[Made, ...] = (), devices: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """A laptop that is outside, may be, and is encrypted, as laptops must be there."""
    return {
        "registered_assets": [
            asset("L-1"),
            asset("L-2"),
            asset("M-1", class_id="mouse"),
            asset("M-2", class_id="mouse"),
            asset("X-1", class_id=None),
        ],
        "asset_classes": [{"id": "laptop", "encrypted_off_site": True}, {"id": "mouse", "encrypted_off_site": False}],
        "asset_permissions": [permission(1, "off site", asset_id="L-1", **more), *permissions],
        "devices": [device("L-1"), *devices],
        "device_sightings": [sighting(1), *sightings],
    }


MAY = permission(2, "off site", asset_id="L-2")
CASES = {
    "upheld": Case(
        upheld(3, flips_at=at("2026-05-15")),
        **given(
            sighting(2, "L-2", "2026-04-30"),
            sighting(3, "L-2", "2026-05-02", off_site=False),
            sighting(4, "M-1"),
            sighting(5, "M-2"),
            permissions=(permission(3, "off site", asset_id="M-1"), permission(4, "off site", asset_id="M-2")),
            devices=(device("M-2", encrypted=False),),
        ),
    ),
    "may not": Case(broken(2, [("asset/L-2", "may not be off site, last seen on 2026-05-01")]), **given(sighting(2, "L-2"))),
    **{
        name: Case(
            broken(2, [("asset/L-2", "may not be off site, last seen on 2026-05-01")]),
            **given(sighting(2, "L-2"), permissions=(permission(2, **said),)),
        )
        for name, said in {
            "a medium": {"kind": "medium", "asset_id": "L-2"},
            "not approved": {"kind": "off site", "asset_id": "L-2", "approved_at": None},
            "from later on": {"kind": "off site", "asset_id": "L-2", "from_at": at("2026-05-05")},
            "no longer": {"kind": "off site", "asset_id": "L-2", "until_at": at("2026-05-04 12:00")},
        }.items()
    },
    "not encrypted": Case(
        broken(2, [("asset/L-2", "is not encrypted, as its class asks for, last seen on 2026-05-01")], "L-2"),
        **given(sighting(2, "L-2"), permissions=(MAY,), devices=(device("L-2", encrypted=False),)),
    ),
    "silent": Case(
        broken(2, [("asset/L-2", "has not been seen, last seen on 2026-04-20")]),
        **given(sighting(2, "L-2", "2026-04-20"), permissions=(MAY,), devices=(device("L-2"),)),
    ),
    "silent soon": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")),
        **given(sighting(2, "L-2", "2026-04-20 12:00"), permissions=(MAY,), devices=(device("L-2"),)),
    ),
    "permitted until": Case(at_risk(1, flips_at=at("2026-05-05")), **given(until_at=at("2026-05-05"), from_at=at("2026-05-04 12:00"))),
    "encryption unknown": Case(unproven("whether it is encrypted is unknown"), **given(sighting(2, "L-2"), permissions=(MAY,))),
    "class unknown": Case(
        unproven("whether it must be encrypted is unknown"),
        **given(sighting(2, "X-1"), permissions=(permission(2, "off site", asset_id="X-1"),)),
    ),
    "where is unknown": Case(unproven("L-2 (may not be off site"), **given(sighting(2, "L-2", off_site=None))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"device_sightings": []}),
    "stale": Case(unproven("stale"), stale=["device_sightings"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
