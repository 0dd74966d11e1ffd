from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/subject_request_in_time"


def request(name: str, **more: Any) -> Made:
    return {
        "id": name,
        "subject_right": "access",
        "received_at": at("2026-03-02"),
        "due_at": at("2026-04-03"),
        "closed_at": at("2026-03-20"),
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    return {"subject_requests": [request("1"), request("2", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/2", said)])


OURS = {"customer_id": "acme", "forwarded_at": at("2026-03-04"), "closed_at": None}

CASES = {
    "upheld": Case(upheld(2), **given()),
    "at the last moment": Case(upheld(2), **given(closed_at=at("2026-04-03"))),
    "a moment later": Case(fault("answered on 2026-04-03"), **given(closed_at=at("2026-04-03 00:01"))),
    "not answered": Case(fault("not answered, due on 2026-04-03"), **given(closed_at=None)),
    "there is time": Case(upheld(2, flips_at=at("2026-06-01")), **given(closed_at=None, due_at=at("2026-06-01"))),
    "hardly any time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(closed_at=None, due_at=at("2026-05-04 12:00"))),
    "no day is known": Case(unproven("1 of 2 requests"), **given(closed_at=None, due_at=None)),
    "passed on to the customer": Case(upheld(2), **given(**OURS)),
    "passed on too late": Case(fault("answered on 2026-04-04"), **given(**{**OURS, "forwarded_at": at("2026-04-04")})),
    "passed on in time, and answered late": Case(upheld(2), **given(**{**OURS, "closed_at": at("2026-05-01")})),
    "refused without passing it on": Case(upheld(2), **given(**{**OURS, "forwarded_at": None, "closed_at": at("2026-03-05")})),
    "passed on to nobody": Case(fault("not answered, due on 2026-04-03"), **given(forwarded_at=at("2026-03-04"), closed_at=None)),
    "nobody asked": Case(upheld(0), subject_requests=[]),
    "stale": Case(unproven("stale"), stale=["subject_requests"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
