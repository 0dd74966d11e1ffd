from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/subject_request_executed"


def search(name: str, **more: Any) -> Made:
    return {
        "id": f"request/1/{name}",
        "kind": "request",
        "of_id": "1",
        "title": f"Erasure: {name}",
        "data_set_id": name,
        "subject_right": "erasure",
        "done_at": at("2026-04-01"),
        "searched_at": at("2026-04-02"),
        "found": 0,
        "fields_lacking": 0,
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    contract = search("crm", id="contract/1/crm", kind="contract", found=7)
    return {"store_searches": [search("crm"), search("mail"), search("archive", **more), contract]}


def fault(said: str) -> Any:
    return broken(3, [("test/request/1/archive", said)])


PACKAGE = {"subject_right": "access", "found": 3}

CASES = {
    "upheld": Case(upheld(3), **given()),
    "rows are left": Case(fault("2 rows found"), **given(found=2)),
    "not searched": Case(fault("was not searched since"), **given(searched_at=None, found=None)),
    "searched before": Case(fault("was not searched since"), **given(searched_at=at("2026-03-31"))),
    "searched at once": Case(upheld(3), **given(searched_at=at("2026-04-01"))),
    "what was found is not known": Case(unproven("1 of 3 data sets"), **given(found=None)),
    "a package": Case(upheld(3), **given(**PACKAGE)),
    "a package that lacks a field": Case(fault("the package lacks 1 fields"), **given(**PACKAGE, fields_lacking=1)),
    "what the package lacks is not known": Case(unproven("1 of 3 data sets"), **given(**PACKAGE | {"fields_lacking": None})),
    "nobody asked": Case(upheld(0), store_searches=[]),
    "stale": Case(unproven("stale"), stale=["store_searches"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
