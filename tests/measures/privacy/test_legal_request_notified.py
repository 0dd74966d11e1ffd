from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "privacy/legal_request_notified"


def demand(name: str, **more: Any) -> Made:
    """A court's, assessed on 1 April, told the customer on 2 April, disclosed on 20 April."""
    return {
        "id": name,
        "title": f"Court, {name}",
        "binding": True,
        "assessed_at": at("2026-04-01"),
        "prohibited": False,
        "notified_at": at("2026-04-02"),
        "disclosed_at": at("2026-04-20"),
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    no, unknown = demand("n", binding=False, notified_at=None), demand("u", binding=None, notified_at=None)
    return {"legal_requests": [demand("1"), no, unknown, demand("2", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/2", said)])


OPEN, UNTOLD = {"disclosed_at": None}, {"notified_at": None}
GAG = {"prohibited": True, "prohibited_until_on": on("2026-04-20")}
EARLY = fault("disclosed before the customer was told")

CASES = {
    "upheld": Case(upheld(2), **given()),
    "not disclosed": Case(upheld(2), **given(**OPEN)),
    "told at the last moment": Case(upheld(2), **given(notified_at=at("2026-04-03"))),
    "told too late": Case(fault("told on 2026-04-03"), **given(notified_at=at("2026-04-03 00:01"))),
    "disclosed as it was told": Case(upheld(2), **given(disclosed_at=at("2026-04-02"))),
    "disclosed before": Case(EARLY, **given(disclosed_at=at("2026-04-01 23:00"))),
    "disclosed, and not told": Case(EARLY, **given(**UNTOLD)),
    "disclosed before it was assessed": Case(EARLY, **given(**UNTOLD, disclosed_at=at("2026-03-31"))),
    "not told": Case(fault("not told; free to be since 2026-04-01"), **given(**UNTOLD, **OPEN)),
    "there is time": Case(upheld(2, flips_at=at("2026-05-06")), **given(**UNTOLD, **OPEN, assessed_at=at("2026-05-04"))),
    "hardly any time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(**UNTOLD, **OPEN, assessed_at=at("2026-05-02 12:00"))),
    "when it was assessed is not known": Case(unproven("1 of 2 demands"), **given(**UNTOLD, **OPEN, assessed_at=None)),
    "forbidden without an end": Case(upheld(2), **given(**UNTOLD, prohibited=True)),
    "forbidden when it was disclosed": Case(upheld(2), **given(**GAG, notified_at=at("2026-04-21"))),
    "forbidden no longer, and not told": Case(fault("not told; free to be since 2026-04-21"), **given(**UNTOLD, **GAG)),
    "forbidden still": Case(upheld(2), **given(**UNTOLD, prohibited=True, prohibited_until_on=on("2026-06-01"))),
    "disclosed after it was forbidden": Case(EARLY, **given(**GAG, notified_at=at("2026-04-23"), disclosed_at=at("2026-04-22"))),
    "whether it is forbidden is not known": Case(unproven("1 of 2 demands"), **given(**UNTOLD, prohibited=None)),
    "none binds": Case(upheld(0), legal_requests=[demand("n", binding=False)]),
    "stale": Case(unproven("stale"), stale=["legal_requests"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
