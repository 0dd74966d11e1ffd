from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.supplied import agreement, requirement, supplier
from tests.mutants import survivors

MEASURE = "suppliers/supply_chain_covered"
WANTED = [requirement("chain", supply_chain=True), requirement("flow-down", supply_chain=True), requirement("audit")]
ALL = agreement("host", "chain", "flow-down")


def given(*agreements: Made, **more: Any) -> dict[str, list[Made]]:
    """The host, beside the cloud, with which all is agreed."""
    return {
        "suppliers": [supplier("cloud"), supplier("host", **more)],
        "supplier_requirements": WANTED,
        "supplier_agreements": [agreement("cloud", "chain", "flow-down"), *agreements],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/host", said)], "HOST")


NOTHING = fault("no agreement in force contains Chain, Flow-down")

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given(ALL)),
    "no agreement": Case(NOTHING, **given()),
    "one clause missing": Case(fault("no agreement in force contains Flow-down"), **given(agreement("host", "chain", "audit"))),
    "in two agreements": Case(upheld(2), **given(agreement("host", "chain"), agreement("host", "flow-down"))),
    "somebody else's agreement": Case(NOTHING, **given(agreement("wiki", "chain", "flow-down"))),
    "an agreement in another register": Case(NOTHING, **given(ALL | {"source": "other"})),
    "nobody checked it": Case(NOTHING, **given(ALL | {"checked_at": None})),
    "not in force yet": Case(NOTHING, **given(ALL | {"from_on": on("2026-05-05")})),
    "in force from today": Case(upheld(2), **given(ALL | {"from_on": on("2026-05-04")})),
    "run out": Case(NOTHING, **given(ALL | {"until_on": on("2026-05-03")})),
    "its last day": Case(upheld(2), **given(ALL | {"until_on": on("2026-05-04")})),
    "never told us": Case(fault("never told us"), **given(ALL, chain_disclosed_at=None)),
    "told us too long ago": Case(fault("last told us on 2025-05-03"), **given(ALL, chain_disclosed_at=at("2025-05-03"))),
    "told us nearly too long ago": Case(at_risk(2, flips_at=at("2026-05-05")), **given(ALL, chain_disclosed_at=at("2025-05-05"))),
    "of a class that does not matter": Case(upheld(1), **given(tier="low")),
    "requirements of another register": Case(
        unproven("0 of 0"), suppliers=[supplier("host")], supplier_requirements=[WANTED[0] | {"source": "other"}], supplier_agreements=[]
    ),
    "nothing about chains is required": Case(
        unproven("0 of 0"), suppliers=[supplier("host")], supplier_requirements=[requirement("audit")], supplier_agreements=[]
    ),
    "not engaged": Case(upheld(1), **given(from_on=None)),
    "engaged from tomorrow": Case(upheld(1), **given(from_on=on("2026-05-05"))),
    "engaged from today": Case(NOTHING, **given(from_on=on("2026-05-04"))),
    "over since yesterday": Case(upheld(1), **given(until_on=on("2026-05-03"))),
    "its last day as a supplier": Case(NOTHING, **given(until_on=on("2026-05-04"))),
    "stale": Case(unproven("stale"), stale=["suppliers"], **given(ALL)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
