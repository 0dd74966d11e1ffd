from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, device, on
from tests.mutants import survivors

MEASURE = "change/endpoint_software_allowed"


def piece(name: str, of: str = "L-1", **more: Any) -> Made:
    return {"id": f"{of}/{name}", "device_id": of, "manager": "dpkg", "name": name, "version": "1", **more}


def rule(software: str, *, allowed: bool = True, **more: Any) -> Made:
    said = {"software": software.removesuffix("*"), "beginning": software.endswith("*"), "manager": None, "allowed": allowed}
    return {"id": f"{software}-{allowed}-{more}", **said, **more}


def request(software: str, **more: Any) -> Made:
    """Ada asked for it, and Bob granted it, for all that she has."""
    said = {"id": software, "software": software, "device_id": None, "person_id": "E-ada", "approved_by_id": "E-bob", "until_on": None}
    return {**said, "approved_at": at("2026-04-01"), **more}


def given(*pieces: Made, rules: tuple[Made, ...] = (), requests: tuple[Made, ...] = (), **more: Any) -> dict[str, list[Made]]:
    """Ada's laptop L-1 beside Cy's, which has what is allowed, and what Cy asked for."""
    cy = device("L-2", owner_id="E-cy")
    return {
        "devices": [cy, device("L-1", **more)],
        "endpoint_software": [piece("Firefox", "L-2"), piece("gimp", "L-2"), piece("firefox"), *pieces],
        "software_rules": [rule("firefox"), rule("torrent", allowed=False), *rules],
        "software_requests": [request("gimp", id="cy", person_id="E-cy"), *requests],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/L-1", said)], "L-1")


SKETCH = piece("sketch")
OUT = "sketch is not on the list"
CASES = {
    "upheld": Case(upheld(2), **given()),
    "not on the list": Case(fault(OUT), **given(SKETCH)),
    "denied": Case(fault("Torrent is denied"), **given(piece("Torrent"))),
    "denied, though asked for": Case(fault("torrent is denied"), **given(piece("torrent"), requests=(request("torrent"),))),
    "denied, though allowed": Case(
        fault("torrent-x is denied"), **given(piece("torrent-x"), rules=(rule("*"), rule("torrent-*", allowed=False)))
    ),
    "allowed by its beginning": Case(upheld(2), **given(SKETCH, rules=(rule("SKE*"),))),
    "the beginning of another": Case(fault(OUT), **given(SKETCH, rules=(rule("sketchy*"),))),
    "no beginning": Case(fault(OUT), **given(SKETCH, rules=(rule("sket"),))),
    "allowed from there": Case(upheld(2), **given(SKETCH, rules=(rule("*", manager="dpkg"),))),
    "allowed from elsewhere": Case(fault(OUT), **given(SKETCH, rules=(rule("*", manager="snap"),))),
    "from where is unknown": Case(fault(OUT), **given(piece("sketch", manager=None), rules=(rule("*", manager="snap"),))),
    "asked for": Case(upheld(2), **given(SKETCH, requests=(request("Sketch"),))),
    "asked for something else": Case(fault(OUT), **given(SKETCH, requests=(request("gimp"),))),
    "asked for by somebody else": Case(fault(OUT), **given(SKETCH, requests=(request("sketch", person_id="E-cy"),))),
    "asked for on this device": Case(upheld(2), **given(SKETCH, requests=(request("sketch", device_id="L-1", person_id="E-cy"),))),
    "asked for on another device": Case(fault(OUT), **given(SKETCH, requests=(request("sketch", device_id="L-2"),))),
    "granted to oneself": Case(fault(OUT), **given(SKETCH, requests=(request("sketch", approved_by_id="E-ada"),))),
    "asked for until": Case(
        upheld(2, flips_at=at("2026-06-01")), **given(SKETCH, requests=(request("sketch", until_on=on("2026-05-31")),))
    ),
    "asked for until today": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(SKETCH, requests=(request("sketch", until_on=on("2026-05-04")),))
    ),
    "asked for until yesterday": Case(fault(OUT), **given(SKETCH, requests=(request("sketch", until_on=on("2026-05-03")),))),
    "asked for twice": Case(
        upheld(2, flips_at=at("2026-06-01")),
        **given(SKETCH, requests=(request("sketch", until_on=on("2026-05-31")), request("sketch", id="2", until_on=on("2026-05-20")))),
    ),
    "asked for, and then allowed": Case(
        upheld(2), **given(SKETCH, rules=(rule("sketch"),), requests=(request("sketch", until_on=on("2026-05-04")),))
    ),
    "many": Case(fault("a is not on the list, b is not on the list, c is not on the list and 2 more"), **given(*map(piece, "edcba"))),
    "three": Case(fault("x is not on the list, y is not on the list, z is not on the list"), **given(*map(piece, "zyx"))),
    "not told": Case(unproven("what is installed on it is not told", 3), **{**given(), "devices": [*given()["devices"], device("L-3")]}),
    "told by another source": Case(
        broken(3, [("other/L-1", OUT), ("test/L-1", OUT)]),
        **{**given(SKETCH), "devices": [*given()["devices"], device("L-1", source="other")]},
    ),
    "not used": Case(upheld(1), **given(SKETCH, in_use=False)),
    "whether it is used is unknown": Case(unproven(OUT, 2), **given(SKETCH, in_use=None)),
    "a server": Case(upheld(1), **given(SKETCH, kind="server")),
    "of unknown kind": Case(fault(OUT), **given(SKETCH, kind=None)),
    "no device": Case(unproven("0 of 0"), devices=[], endpoint_software=[], software_rules=[], software_requests=[]),
    "stale": Case(unproven("stale"), stale=["endpoint_software"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
