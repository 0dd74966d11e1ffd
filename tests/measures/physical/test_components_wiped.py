from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import asset, wiped
from tests.mutants import survivors

MEASURE = "physical/components_wiped"

OLD = {"kind": "component", "state": "retired", "retired_at": at("2026-04-01")}


def given(*assets: Made, wipings: tuple[Made, ...] = ()) -> dict[str, Any]:
    others = (asset("D-0", kind="component"), asset("fan", **OLD | {"storage": False}), asset("L-1", **OLD | {"kind": "device"}))
    return {"registered_assets": [asset("D-1", **OLD), *others, *assets], "sanitisations": [wiped(1, "D-1"), *wipings]}


NOT = "was retired on 2026-04-01, and not wiped and looked at yet"
CASES = {
    "upheld": Case(upheld(1), **given()),
    "not wiped": Case(broken(2, [("test/D-2", NOT)]), **given(asset("D-2", **OLD))),
    "something was left": Case(broken(2, [("test/D-2", NOT)]), **given(asset("D-2", **OLD), wipings=(wiped(2, "D-2", verified=False),))),
    "to be wiped": Case(upheld(2, flips_at=at("2026-05-15")), **given(asset("D-2", **OLD | {"retired_at": at("2026-05-01")}))),
    "due this instant": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")), **given(asset("D-2", **OLD | {"retired_at": at("2026-04-20 12:00")}))
    ),
    "storage unknown": Case(unproven(NOT), **given(asset("D-2", **OLD | {"storage": None}))),
    "none": Case(upheld(0), registered_assets=[asset("L-1")], sanitisations=[]),
    "stale": Case(unproven("stale"), stale=["sanitisations"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
