from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.supplied import agreement, requirement, supplier
from tests.mutants import survivors

MEASURE = "suppliers/agreement_in_force"
WANTED = [requirement("audit"), requirement("breach"), requirement("escrow", "low")]


def given(*agreements: Made, **more: Any) -> dict[str, list[Made]]:
    """The host, beside the cloud, with which all is agreed."""
    return {
        "suppliers": [supplier("cloud"), supplier("host", **more)],
        "supplier_requirements": WANTED,
        "supplier_agreements": [agreement("cloud", "audit", "breach"), *agreements],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/host", f"no agreement in force contains {said}")], "HOST")


ALL = agreement("host", "audit", "breach")

CASES = {
    "upheld": Case(upheld(2), **given(ALL)),
    "in two agreements": Case(upheld(2), **given(agreement("host", "audit"), agreement("host", "breach"))),
    "no agreement": Case(fault("Audit, Breach"), **given()),
    "one requirement missing": Case(fault("Breach"), **given(agreement("host", "audit", "escrow"))),
    "somebody else's agreement": Case(fault("Audit, Breach"), **given(agreement("wiki", "audit", "breach"))),
    "an agreement in another register": Case(fault("Audit, Breach"), **given(ALL | {"source": "other"})),
    "nobody checked it": Case(fault("Audit, Breach"), **given(ALL | {"checked_at": None})),
    "not in force yet": Case(fault("Audit, Breach"), **given(ALL | {"from_on": on("2026-05-05")})),
    "in force from today": Case(upheld(2), **given(ALL | {"from_on": on("2026-05-04")})),
    "run out": Case(fault("Audit, Breach"), **given(ALL | {"until_on": on("2026-05-03")})),
    "one of two runs out": Case(
        at_risk(2, flips_at=at("2026-06-02")), **given(agreement("host", "audit"), agreement("host", "breach", until_on=on("2026-06-01")))
    ),
    "the longer of two counts": Case(
        upheld(2, flips_at=at("2027-01-02")), **given(ALL | {"id": "x", "until_on": on("2026-06-01")}, ALL | {"until_on": on("2027-01-01")})
    ),
    "one of two has no end": Case(upheld(2), **given(ALL | {"id": "x", "until_on": on("2026-06-01")}, ALL)),
    "its last day": Case(at_risk(2, flips_at=at("2026-05-05")), **given(ALL | {"until_on": on("2026-05-04")})),
    "a class of which nothing is required": Case(unproven("nothing is required of its class, medium", 2), **given(ALL, tier="medium")),
    "a class nobody gave": Case(unproven("nothing is required of its class, which is unknown", 2), **given(ALL, tier=None)),
    "of another class": Case(broken(2, [("test/host", "no agreement in force contains Escrow")]), **given(ALL, tier="low")),
    "requirements of another register": Case(
        unproven("nothing is required", 1),
        suppliers=[supplier("cloud")],
        supplier_requirements=[requirement("audit", source="other")],
        supplier_agreements=[agreement("cloud", "audit")],
    ),
    "touches nothing": Case(upheld(1), **given(touches=False)),
    "whether it touches anything is unknown": Case(unproven("HOST (no agreement in force", 2), **given(touches=None)),
    "whether it touches anything is unknown, and all is agreed": Case(upheld(2), **given(ALL, touches=None)),
    "not engaged": Case(upheld(1), **given(from_on=None)),
    "engaged from tomorrow": Case(upheld(1), **given(from_on=on("2026-05-05"))),
    "engaged from today": Case(fault("Audit, Breach"), **given(from_on=on("2026-05-04"))),
    "over since yesterday": Case(upheld(1), **given(until_on=on("2026-05-03"))),
    "its last day as a supplier": Case(fault("Audit, Breach"), **given(until_on=on("2026-05-04"))),
    "no supplier": Case(unproven("0 of 0"), suppliers=[], supplier_requirements=WANTED, supplier_agreements=[]),
    "stale": Case(unproven("stale"), stale=["supplier_agreements"], **given(ALL)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
