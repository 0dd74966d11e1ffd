from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, device, on, person, system
from tests.measures.sited import asset
from tests.mutants import survivors

MEASURE = "assets/owned"


def given(*devices: Made, systems: tuple[Made, ...] = (), people: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Devices and systems beside one of each that are Ada's."""
    return {
        "devices": [device("a1"), *devices],
        "systems": [system("crm", owner_id="E-ada"), *systems],
        "people": [person("ada"), *people],
    }


BOBS = device("a2", owner_id="E-bob")

CASES = {
    "many at once": Case(
        broken(
            6,
            [
                ("device/test/a2", "belongs to nobody"),
                ("device/test/a3", "belongs to Bob, who left on 2026-05-03"),
                ("system/test/wiki", "belongs to E-x, whom no list of people knows"),
            ],
            "1 is unknown",
        ),
        **given(
            device("a2", owner_id=None),
            device("a3", owner_id="E-bob"),
            device("a4", owner_id=None, in_use=None),
            device("a5", owner_id=None, in_use=False),
            systems=(system("wiki", owner_id="E-x"), system("old", in_operation=False)),
            people=(person("bob", ended_on=on("2026-05-03")),),
        ),
    ),
    "upheld": Case(upheld(2), **given()),
    "on the inventory": Case(
        broken(4, [("asset/test/S-2", "belongs to nobody")], "S-2"),
        **given(),
        registered_assets=[
            asset("S-1"),
            asset("S-2", owner_id=None),
            *(asset(each, owner_id=None, state=each) for each in ("disposed", "merged")),
        ],
    ),
    "a system of nobody": Case(broken(3, [("system/test/wiki", "belongs to nobody")], "WIKI"), **given(systems=(system("wiki"),))),
    "a system that perhaps serves nobody": Case(
        unproven("WIKI (belongs to nobody)", 3), **given(systems=(system("wiki", in_operation=None),))
    ),
    "leaves today": Case(at_risk(3, flips_at=at("2026-05-05")), **given(BOBS, people=(person("bob", ended_on=on("2026-05-04")),))),
    "to come": Case(
        broken(3, [("device/test/a2", "belongs to Bob, who has not begun")]),
        **given(BOBS, people=(person("bob", started_on=on("2026-05-05")),)),
    ),
    "first day unknown": Case(
        unproven("A2 (belongs to Bob, whose first day is unknown)", 3), **given(BOBS, people=(person("bob", started_on=None),))
    ),
    "came back": Case(
        upheld(3), **given(BOBS, people=(person("bob", ended_on=on("2025-01-01")), person("bob", id="E-9", started_on=on("2026-01-01"))))
    ),
    "owners of devices not readable": Case(
        unproven("1 of 3 assets cannot be judged: A2 (whose it is was not told)", 3),
        denied={"devices.owner_id": "no right"},
        **given(device("a2", owner_id=None)),
    ),
    "owners of devices not readable, of systems they are": Case(
        broken(3, [("system/test/wiki", "belongs to nobody")]), denied={"devices.owner_id": "no right"}, **given(systems=(system("wiki"),))
    ),
    "something else not readable": Case(
        broken(3, [("device/test/a2", "belongs to nobody")]), denied={"devices.name": "no right"}, **given(device("a2", owner_id=None))
    ),
    "unreadable, and known to have left": Case(
        broken(3, [("device/test/a2", "belongs to Bob, who left on 2026-05-03")]),
        denied={"devices.owner_id": "no right"},
        **given(BOBS, people=(person("bob", ended_on=on("2026-05-03")),)),
    ),
    "nothing to judge": Case(unproven("0 of 0"), devices=[], systems=[], people=[]),
    "stale": Case(unproven("stale"), stale=["people"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
