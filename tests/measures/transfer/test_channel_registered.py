from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "transfer/channel_registered"


def flow(address: str = "203.0.113.7", port: int | None = 443, **more: Any) -> Made:
    seen = {"id": f"crm/{address}/{port}", "system_id": "crm", "address": address, "port": port, "protocol": "tcp"}
    return {**seen, "seen_at": at("2026-05-03"), **more}


def place(address: str, port: int | None = None, *, begins: bool = False, of: str = "crm") -> Made:
    return {"id": f"c/{address}:{port}", "channel_id": f"to {address}", "system_id": of, "address": address, "begins": begins, "port": port}


def given(*places: Made, flows: tuple[Made, ...] = ()) -> dict[str, list[Made]]:
    systems = [system("archive"), system("crm"), system("wiki")]
    return {"flows": [flow(), *flows], "channel_addresses": [place("192.0.2.1"), *places], "systems": systems}


def gone(on: str) -> dict[str, Any]:
    over = {"seen_from_at": at(on), "seen_until_at": at("2026-05-04"), "ended": "vanished", "seen_at": at(on)}
    return {"history": {"flows": [flow("198.51.100.4", **over)]}}


WRONG = broken(1, [("crm/203.0.113.7/443", "by no approved channel, last seen on 2026-05-03")], "CRM to 203.0.113.7:443")
HERE = place("203.0.113.7")
CASES = {
    "upheld": Case(upheld(1), **given(HERE)),
    "nowhere entered": Case(WRONG, **given()),
    "the right port": Case(upheld(1), **given(place("203.0.113.7", 443))),
    "another port": Case(WRONG, **given(place("203.0.113.7", 80))),
    "of another system": Case(WRONG, **given(place("203.0.113.7", of="wiki"))),
    "begins so": Case(upheld(1), **given(place("203.0.113.", begins=True))),
    "would begin so": Case(WRONG, **given(place("203.0.", begins=False))),
    "begins otherwise": Case(WRONG, **given(place("203.0.114.", begins=True))),
    "a port that is unknown": Case(
        broken(2, [("crm/203.0.113.7/", "by no approved channel, last seen on 2026-05-03")]),
        **given(place("203.0.113.7", 443), flows=(flow(port=None),)),
    ),
    "two ways": Case(upheld(1), **given(HERE, place("203.0.113.", begins=True))),
    "gone again": Case(
        broken(2, [("crm/198.51.100.4/443", "by no approved channel, last seen on 2026-04-20")]), **given(HERE), **gone("2026-04-20")
    ),
    "gone long ago": Case(upheld(1), **given(HERE), **gone("2026-03-20")),
    "when is unknown": Case(upheld(1), **given(HERE) | {"flows": [flow(seen_at=None)]}),
    "nothing was seen": Case(unproven("0 of 0"), flows=[], channel_addresses=[HERE]),
    "stale": Case(unproven("stale"), stale=["flows"], **given(HERE)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
