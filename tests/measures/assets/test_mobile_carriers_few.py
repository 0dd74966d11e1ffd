from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, person
from tests.measures.sited import permission
from tests.mutants import survivors

MEASURE = "assets/mobile_carriers_few"


def used(number: int, who: str | None = "ada", when: str = "2026-05-01", **more: Any) -> Made:
    return {"id": str(number), "device_id": "L-1", "person_id": f"E-{who}" if who else None, "off_site": True, "seen_at": at(when), **more}


def given(*sightings: Made, permissions: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Ada carries since March, and did in May."""
    return {
        "people": [person("ada"), person("bob")],
        "asset_permissions": [permission(1, "mobile carrier"), *permissions],
        "device_sightings": [used(1), *sightings],
        **more,
    }


NOT = "used a device outside on 2026-05-01, and was not on the register"
BOB = {"person_id": "E-bob"}
CASES = {
    "upheld": Case(upheld(2), **given(used(2, "bob", off_site=False), used(3, "bob", "2026-01-01"))),
    "not on it": Case(broken(3, [("person/E-bob", NOT)], "Bob"), **given(used(2, "bob"))),
    "of another kind": Case(broken(3, [("person/E-bob", NOT)]), **given(used(2, "bob"), permissions=(permission(2, "print", **BOB),))),
    "not approved": Case(
        broken(3, [("person/E-bob", NOT)]), **given(used(2, "bob"), permissions=(permission(2, "mobile carrier", approved_at=None, **BOB),))
    ),
    "before it": Case(broken(2, [("person/E-ada", NOT)]), **given(used(2, when="2026-02-20"))),
    "after it": Case(broken(2), **given() | {"asset_permissions": [permission(1, "mobile carrier", until_at=at("2026-04-01"))]}),
    "from when to when": Case(
        upheld(2), **given(used(2, when="2026-03-01")) | {"asset_permissions": [permission(1, "mobile carrier", until_at=at("2026-05-01"))]}
    ),
    "just looked back": Case(broken(3), **given(used(2, "bob", "2026-02-03 12:00"))),
    "who is unknown": Case(unproven("who it was is unknown"), **given(used(2, None))),
    "where is unknown": Case(unproven("Bob"), **given(used(2, "bob", off_site=None))),
    "too many": Case(
        broken(2, [("register", "people on it: 2")]),
        parameters={"carriers_at_most": 1},
        **given(permissions=(permission(2, "mobile carrier", **BOB),)),
    ),
    "enough": Case(
        upheld(2),
        parameters={"carriers_at_most": 1},
        **given(permissions=(permission(2, "mobile carrier", until_at=at("2026-05-04 12:00"), **BOB),)),
    ),
    "nobody carries": Case(upheld(1), people=[], asset_permissions=[], device_sightings=[]),
    "stale": Case(unproven("stale"), stale=["device_sightings"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
