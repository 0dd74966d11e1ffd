from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "separation/test_data_approved"


def data(name: str = "orders", **more: Any) -> Made:
    said = {"id": name, "title": name.upper(), "system_id": "staging", "expires_on": on("2026-12-31"), "approved_at": at("2026-01-01")}
    return {**said, **more}


def scan(system: str, **more: Any) -> Made:
    return {"id": f"{system}/t", "system_id": system, "place": "t", "sampled": 9, "scanned_at": at("2026-05-04"), **more}


def given(scans: list[Made] | None = None, **more: Any) -> dict[str, list[Made]]:
    return {"test_data_sets": [data("other", system_id=None), data(**more)]} | ({} if scans is None else {"test_data_scans": scans})


def fault(said: str) -> Any:
    return broken(2, [("test/orders", said)])


LOST = "nobody entered it, and so nobody approved it"
CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-01-01")), **given()),
    "not approved": Case(fault("nobody else approved it"), **given(approved_at=None)),
    "its last day": Case(at_risk(2, flips_at=at("2026-05-05")), **given(expires_on=on("2026-05-04"))),
    "after its last day": Case(fault("should have been erased by 2026-05-03"), **given(expires_on=on("2026-05-03"))),
    "until when is unknown": Case(unproven("until when is not known", 2), **given(expires_on=None)),
    "found where some is entered": Case(upheld(2), **given([scan("staging")])),
    "found where none is entered": Case(
        broken(3, [("found/dev", LOST)]), **given([scan("staging"), scan("dev"), scan("dev", id="dev/u", place="u")])
    ),
    "an empty store": Case(upheld(2), **given([scan("dev", sampled=0)])),
    "nothing is entered, and something is found": Case(broken(1, [("found/dev", LOST)]), test_data_sets=[], test_data_scans=[scan("dev")]),
    "none": Case(unproven("0 of 0"), test_data_sets=[]),
    "stale": Case(unproven("stale"), stale=["test_data_sets"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
