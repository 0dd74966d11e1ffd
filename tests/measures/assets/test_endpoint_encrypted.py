from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, device
from tests.mutants import survivors

MEASURE = "assets/endpoint_encrypted"


def given(*devices: Made, **more: Any) -> dict[str, Any]:
    """Devices beside one that is encrypted."""
    return {"devices": [device("a1"), *devices], **more}


def volume(of: str, mounted_on: str, **more: Any) -> Made:
    """An encrypted volume of a device."""
    return {"id": f"{of}:{mounted_on}", "system_id": of, "mounted_on": mounted_on, "encrypted": True, **more}


CASES = {
    "broken": Case(broken(2, [("test/a2", "is not encrypted")], "A2"), **given(device("a2", encrypted=False))),
    "upheld": Case(upheld(2), **given(device("a2"), volumes=[volume("a2", "/")])),
    "one volume is not": Case(
        broken(2, [("test/a2", "is not encrypted: /srv, swap")]),
        **given(
            device("a2"),
            volumes=[volume("a2", "/"), volume("a2", "swap", encrypted=False), volume("a2", "/srv", encrypted=False), volume("a1", "/")],
        ),
    ),
    "one volume perhaps": Case(
        unproven("A2 (whether all of it is encrypted is unknown)", 2), **given(device("a2"), volumes=[volume("a2", "/", encrypted=None)])
    ),
    "another source's volume": Case(upheld(2), **given(device("a2"), volumes=[volume("a2", "/", encrypted=False, source="other")])),
    "not told": Case(unproven("A2 (whether all of it is encrypted is unknown)", 2), **given(device("a2", encrypted=None))),
    "silent": Case(unproven("A2 (has not reported since 2026-04-19)", 2), **given(device("a2", last_seen_at=at("2026-04-19")))),
    "never reported": Case(unproven("A2 (when it last reported is unknown)", 2), **given(device("a2", last_seen_at=None))),
    "soon silent": Case(at_risk(2, flips_at=at("2026-05-05")), **given(device("a2", last_seen_at=at("2026-04-21")))),
    "silent, and was not": Case(
        broken(2, [("test/a2", "is not encrypted")]), **given(device("a2", encrypted=False, last_seen_at=at("2026-01-01")))
    ),
    "in stock": Case(upheld(1), **given(device("a2", in_use=False, encrypted=False))),
    "perhaps in stock": Case(unproven("A2 (is not encrypted)", 2), **given(device("a2", in_use=None, encrypted=False))),
    "nothing to judge": Case(unproven("0 of 0"), devices=[]),
    "stale": Case(unproven("stale"), stale=["devices"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
