from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/customer_information_answered"


def request(name: str, **more: Any) -> Made:
    return {
        "id": name,
        "title": f"Acme: {name}",
        "asked_at": at("2026-03-01"),
        "due_at": at("2026-03-15"),
        "answered_at": at("2026-03-10"),
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    return {"customer_information_requests": [request("audit"), request("list", **more)]}


CASES = {
    "upheld": Case(upheld(2), **given()),
    "at the last moment": Case(upheld(2), **given(answered_at=at("2026-03-15"))),
    "a moment later": Case(broken(2, [("test/list", "answered on 2026-03-15")]), **given(answered_at=at("2026-03-15 00:01"))),
    "not answered": Case(broken(2, [("test/list", "not answered, due on 2026-03-15")]), **given(answered_at=None)),
    "there is time": Case(upheld(2, flips_at=at("2026-06-01")), **given(answered_at=None, due_at=at("2026-06-01"))),
    "hardly any time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(answered_at=None, due_at=at("2026-05-04 12:00"))),
    "no day is known": Case(unproven("1 of 2 requests"), **given(answered_at=None, due_at=None)),
    "nobody asked": Case(upheld(0), customer_information_requests=[]),
    "stale": Case(unproven("stale"), stale=["customer_information_requests"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
