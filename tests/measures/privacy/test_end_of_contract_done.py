from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "privacy/end_of_contract_done"


def contract(name: str, **more: Any) -> Made:
    """Ended in January, erased in February, a week before it was due."""
    return {
        "id": name,
        "customer_id": name,
        "title": f"{name}: terms",
        "until_on": on("2026-01-31"),
        "due_at": at("2026-03-01"),
        "choice": "erase",
        "erased_at": at("2026-02-20"),
        **more,
    }


def search(of: str, **more: Any) -> Made:
    return {
        "id": f"contract/{of}/{more.get('data_set_id', 'crm')}",
        "kind": "contract",
        "of_id": of,
        "data_set_id": "crm",
        "done_at": at("2026-02-20"),
        "searched_at": at("2026-02-21"),
        "found": 0,
        **more,
    }


def given(*searches: Made, **more: Any) -> dict[str, list[Made]]:
    asked = search("acme", id="request/acme/crm", kind="request", found=3)
    return {"contract_ends": [contract("brand"), contract("acme", **more)], "store_searches": [search("brand"), asked, *searches]}


def fault(said: str) -> Any:
    return broken(2, [("test/acme", said)])


ACME, OTHER = search("acme"), {"source": "other"}
OPEN, WANTED = {"erased_at": None}, {"choice": "return-and-erase"}

CASES = {
    "upheld": Case(upheld(2), **given(ACME)),
    "erased at the last moment": Case(upheld(2), **given(ACME, due_at=at("2026-02-20"))),
    "erased too late": Case(fault("erased on 2026-02-20"), **given(ACME, due_at=at("2026-02-19"))),
    "rows are left": Case(fault("4 rows are left"), **given(ACME, search("acme", data_set_id="mail", found=4))),
    "one was not searched": Case(
        fault("1 data sets were not searched since"), **given(ACME, search("acme", data_set_id="mail", searched_at=None, found=None))
    ),
    "searched before": Case(fault("1 data sets were not searched since"), **given(ACME | {"searched_at": at("2026-02-19")})),
    "searched at once": Case(upheld(2), **given(ACME | {"searched_at": at("2026-02-20")})),
    "rows of another register": Case(upheld(2), **given(ACME, search("acme", **OTHER, found=9))),
    "returned first": Case(upheld(2), **given(ACME, **WANTED, returned_at=at("2026-02-20"))),
    "not returned": Case(fault("erased before the customer had its data"), **given(ACME, **WANTED)),
    "returned afterwards": Case(fault("erased before the customer had its data"), **given(ACME, **WANTED, returned_at=at("2026-02-21"))),
    "not erased": Case(fault("not erased, due on 2026-03-01"), **given(**OPEN)),
    "there is time": Case(upheld(2, flips_at=at("2026-07-01")), **given(**OPEN, due_at=at("2026-07-01"))),
    "hardly any time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(**OPEN, due_at=at("2026-05-04 12:00"))),
    "no day is known": Case(unproven("1 of 2 ended contracts"), **given(**OPEN, due_at=None)),
    "what the customer wants is not known": Case(unproven("1 of 2 ended contracts"), **given(ACME, choice=None)),
    "ends today": Case(upheld(1), **given(until_on=on("2026-05-04"), **OPEN)),
    "ended yesterday": Case(fault("not erased, due on 2026-03-01"), **given(until_on=on("2026-05-03"), **OPEN)),
    "none ended": Case(upheld(0), contract_ends=[], store_searches=[]),
    "stale": Case(unproven("stale"), stale=["store_searches"], **given(ACME)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
