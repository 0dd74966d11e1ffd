from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "operations/network_devices_authorised"
LAPTOP, PRINTER, STRANGE = "02:00:00:00:00:11", "02:00:00:00:00:22", "02:00:00:00:00:66"


def sighting(card: str, network: str = "office", **more: Any) -> Made:
    return {"id": f"{network}/{card}", "network_id": network, "hardware_address": card, "seen_at": at("2026-05-03"), **more}


def admission(card: str, network: str = "office", **more: Any) -> Made:
    own = {"id": f"{card}/{network}", "network_id": network, "hardware_address": card, "title": "LAPTOP", "admitted_at": at("2026-01-01")}
    return {**own, **more}


def given(*admissions: Made, seen: tuple[Made, ...] = (), **more: Any) -> dict[str, list[Made]]:
    admitted = [admission(PRINTER, title="PRINTER"), *admissions]
    return {"network_sightings": [sighting(PRINTER), sighting(LAPTOP, **more), *seen], "network_admissions": admitted}


def before(card: str, *, until: str = "2026-05-02", **more: Any) -> dict[str, Any]:
    """A sighting that is over."""
    over = {"seen_from_at": at("2026-05-01"), "seen_until_at": at(until), "ended": "vanished"}
    return {"history": {"network_sightings": [sighting(card, **{"seen_at": at("2026-05-01"), **over, **more})]}}


LONG_AGO = {"until": "2026-03-02", "seen_at": at("2026-03-01"), "seen_from_at": at("2026-03-01")}
NOT_REGISTERED = "not registered for this network, seen last on "
NOT_ADMITTED = broken(2, [(f"office/{LAPTOP}", "not admitted when it was seen, last on 2026-05-03")])

CASES = {
    "upheld": Case(upheld(2), **given(admission(LAPTOP))),
    "not registered": Case(broken(2, [(f"office/{LAPTOP}", NOT_REGISTERED + "2026-05-03")]), **given()),
    "admitted elsewhere": Case(broken(2, [(f"office/{LAPTOP}", NOT_REGISTERED + "2026-05-03")]), **given(admission(LAPTOP, "guests"))),
    "admitted later": Case(NOT_ADMITTED, **given(admission(LAPTOP, admitted_at=at("2026-05-04")))),
    "withdrawn before": Case(NOT_ADMITTED, **given(admission(LAPTOP, withdrawn_at=at("2026-05-02")))),
    "withdrawn since": Case(upheld(2), **given(admission(LAPTOP, withdrawn_at=at("2026-05-04")))),
    "its time was over": Case(NOT_ADMITTED, **given(admission(LAPTOP, until_on=on("2026-05-02")))),
    "its last day": Case(upheld(2), **given(admission(LAPTOP, until_on=on("2026-05-03")))),
    "admitted anew": Case(upheld(2), **given(admission(LAPTOP, until_on=on("2026-05-02")), admission(LAPTOP, id="new"))),
    "when it was admitted is unknown": Case(unproven("1 of 2", 2), **given(admission(LAPTOP, admitted_at=None))),
    "gone again": Case(broken(3, [(f"office/{STRANGE}", NOT_REGISTERED + "2026-05-01")]), **given(admission(LAPTOP)), **before(STRANGE)),
    "gone long ago": Case(
        upheld(2),
        **given(admission(LAPTOP)),
        **before(STRANGE, **LONG_AGO),
    ),
    "once before it was admitted": Case(
        broken(2, [(f"office/{LAPTOP}", "not admitted when it was seen, last on 2026-05-01")]),
        **given(admission(LAPTOP, admitted_at=at("2026-05-02"))),
        **before(LAPTOP),
    ),
    "once when that is unknown": Case(
        unproven("1 of 3", 3), **given(admission(LAPTOP), admission(STRANGE, admitted_at=None)), **before(STRANGE)
    ),
    "once surely, and once when that is unknown": Case(
        broken(2, [(f"office/{LAPTOP}", "not admitted when it was seen, last on 2026-05-03")]),
        **given(admission(LAPTOP, admitted_at=None, until_on=on("2026-05-02"))),
        **before(LAPTOP),
    ),
    "a lease": Case(
        broken(3, [(f"office/{STRANGE}", NOT_REGISTERED + "2026-05-01")]), **given(admission(LAPTOP)), **before(STRANGE, seen_at=None)
    ),
    "nothing was seen": Case(unproven("0 of 0"), network_sightings=[], network_admissions=[]),
    "stale": Case(unproven("stale"), stale=["network_sightings"], **given(admission(LAPTOP))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
