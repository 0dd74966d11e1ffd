from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/non_binding_rejected"


def demand(name: str, **more: Any) -> Made:
    return {"id": name, "title": f"Office, {name}", "binding": False, "rejected_at": at("2026-04-02"), **more}


def given(**more: Any) -> dict[str, list[Made]]:
    return {"legal_requests": [demand("1"), demand("b", binding=True, disclosed_at=at("2026-04-03")), demand("2", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/2", said)])


OUT = {"disclosed_at": at("2026-04-10"), "rejected_at": None}

CASES = {
    "upheld": Case(upheld(2), **given()),
    "disclosed": Case(fault("disclosed without the customer having agreed"), **given(**OUT)),
    "disclosed as the customer agreed": Case(upheld(2), **given(**OUT, authorised_at=at("2026-04-10"))),
    "the customer agreed afterwards": Case(
        fault("disclosed on 2026-04-10, agreed on 2026-04-11"), **given(**OUT, authorised_at=at("2026-04-11"))
    ),
    "nobody assessed it, and nothing was disclosed": Case(upheld(2), **given(binding=None, rejected_at=None)),
    "nobody assessed it": Case(fault("disclosed without the customer having agreed"), **given(**OUT, binding=None)),
    "nobody demanded anything": Case(upheld(0), legal_requests=[]),
    "unknown: nobody keeps them": Case(unproven("legal_requests")),
    "stale": Case(unproven("stale"), stale=["legal_requests"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
