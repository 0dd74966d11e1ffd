from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

from upheld.registers.privacy.models import Clause

MEASURE = "privacy/contract_assistance_agreed"
CLAUSES = [str(clause) for clause in Clause]


def customer(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.capitalize(), "owner_id": "E-ada", "from_on": on("2022-01-01"), **more}


def contract(of: str, **more: Any) -> Made:
    """A checked contract with every clause, without an end."""
    return {
        "id": f"c-{of}",
        "customer_id": of,
        "from_on": on("2022-01-01"),
        "processes_personal_data": True,
        "clauses": CLAUSES,
        "checked_at": at("2022-01-02"),
        **more,
    }


def given(*contracts: Made, **more: Any) -> dict[str, list[Made]]:
    return {"customers": [customer("brand"), customer("acme", **more)], "customer_contracts": [contract("brand"), *contracts]}


def fault(said: str) -> Any:
    return broken(2, [("test/acme", f"no contract in force has {said}")], "Acme")


ACME, EVERYTHING = contract("acme"), ", ".join(sorted(CLAUSES))
NONE = fault(EVERYTHING)

CASES = {
    "upheld": Case(upheld(2), **given(ACME)),
    "no contract": Case(NONE, **given()),
    "of another register": Case(NONE, **given(ACME | {"source": "other"})),
    "none, and in another register one without personal data": Case(
        NONE, **given(ACME | {"source": "other", "processes_personal_data": False})
    ),
    "one clause missing": Case(fault("audit"), **given(ACME | {"clauses": [each for each in CLAUSES if each != "audit"]})),
    "no clause at all": Case(NONE, **given(ACME | {"clauses": []})),
    "in two contracts": Case(upheld(2), **given(ACME | {"clauses": CLAUSES[:4]}, ACME | {"id": "x", "clauses": CLAUSES[4:]})),
    "nobody checked it": Case(NONE, **given(ACME | {"checked_at": None})),
    "not in force yet": Case(NONE, **given(ACME | {"from_on": on("2026-05-05")})),
    "in force from today": Case(upheld(2), **given(ACME | {"from_on": on("2026-05-04")})),
    "run out": Case(NONE, **given(ACME | {"until_on": on("2026-05-03")})),
    "its last day": Case(at_risk(2, flips_at=at("2026-05-05")), **given(ACME | {"until_on": on("2026-05-04")})),
    "one of two has no end": Case(upheld(2), **given(ACME | {"id": "x", "until_on": on("2026-05-04")}, ACME)),
    "the longer of two counts": Case(
        upheld(2, flips_at=at("2027-01-02")),
        **given(ACME | {"id": "x", "until_on": on("2026-05-04")}, ACME | {"until_on": on("2027-01-01")}),
    ),
    "no personal data": Case(upheld(1), **given(ACME | {"processes_personal_data": False})),
    "personal data under one of two": Case(
        NONE, **given(ACME | {"processes_personal_data": False}, ACME | {"id": "x", "checked_at": None})
    ),
    "not told whether personal data": Case(NONE, **given(ACME | {"processes_personal_data": None})),
    "no customer yet": Case(upheld(1), **given(from_on=on("2026-05-05"))),
    "from today": Case(NONE, **given(from_on=on("2026-05-04"))),
    "over": Case(upheld(1), **given(until_on=on("2026-05-03"))),
    "its last day as a customer": Case(NONE, **given(until_on=on("2026-05-04"))),
    "nobody": Case(unproven("0 of 0"), customers=[], customer_contracts=[]),
    "stale": Case(unproven("stale"), stale=["customer_contracts"], **given(ACME)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
