from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.supplied import supplier
from tests.mutants import survivors

MEASURE = "physical/provider_assurance_current"


def provider(name: str, **more: Any) -> Made:
    return supplier(name, **{"provides": ["hosting", "data-centre"], **more})


def report(of: str, **more: Any) -> Made:
    """A report about all of 2026, read in January and found good."""
    return {
        "id": f"r-{of}",
        "supplier_id": of,
        "from_on": on("2026-01-01"),
        "until_on": on("2026-12-31"),
        "read_at": at("2026-01-10"),
        "read_by_id": "E-ada",
        "good": True,
        **more,
    }


def given(*reports: Made, **more: Any) -> dict[str, list[Made]]:
    return {"suppliers": [provider("cloud"), provider("hall", **more)], "assurance_reports": [report("cloud"), *reports]}


def fault(said: str) -> Any:
    return broken(2, [("test/hall", said)], "HALL")


NONE = fault("there is no report in date")
HALL = report("hall")

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-01-01")), **given(HALL)),
    "no report": Case(NONE, **given()),
    "a report of another register": Case(NONE, **given(HALL | {"source": "other"})),
    "run out": Case(NONE, **given(HALL | {"until_on": on("2026-05-03")})),
    "its last day": Case(at_risk(2, flips_at=at("2026-05-05")), **given(HALL | {"until_on": on("2026-05-04")})),
    "the longest counts": Case(upheld(2, flips_at=at("2027-01-01")), **given(HALL | {"id": "x", "until_on": on("2026-05-04")}, HALL)),
    "about a time to come": Case(NONE, **given(HALL | {"from_on": on("2026-05-05")})),
    "from today": Case(upheld(2), **given(HALL | {"from_on": on("2026-05-04")})),
    "nobody read it": Case(fault("nobody has read its report in date"), **given(HALL | {"read_at": None, "good": None})),
    "not good enough": Case(fault("its report in date was found not good enough"), **given(HALL | {"good": False})),
    "one of two is good": Case(upheld(2), **given(HALL | {"id": "x", "good": False}, HALL)),
    "provides other things": Case(upheld(1), **given(provides=["hosting"])),
    "not engaged": Case(upheld(1), **given(from_on=None)),
    "engaged from tomorrow": Case(upheld(1), **given(from_on=on("2026-05-05"))),
    "engaged from today": Case(NONE, **given(from_on=on("2026-05-04"))),
    "over since yesterday": Case(upheld(1), **given(until_on=on("2026-05-03"))),
    "its last day as a supplier": Case(NONE, **given(until_on=on("2026-05-04"))),
    "no provider": Case(unproven("0 of 0"), suppliers=[], assurance_reports=[]),
    "stale": Case(unproven("stale"), stale=["assurance_reports"], **given(HALL)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
