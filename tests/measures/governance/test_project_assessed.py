from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "governance/project_assessed"


def project(name: str = "shop", **more: Any) -> Made:
    """Ada's project, on which Bob works; in building since March."""
    return {
        "id": name,
        "title": name.upper(),
        "owner_id": "E-ada",
        "members": ["E-bob"],
        "stage": "build",
        "build_at": at("2026-03-01"),
        **more,
    }


def assessment(when: str | None = "2026-02-01", by: str | None = "max", **more: Any) -> Made:
    return {
        "id": f"{when}-{by}",
        "project_id": "shop",
        "author_id": "E-ada",
        "approved_by_id": by and f"E-{by}",
        "approved_at": when and at(when),
        **more,
    }


def given(*assessments: Made, **more: Any) -> dict[str, list[Made]]:
    """The shop, beside the wiki, which was assessed."""
    return {
        "projects": [project("wiki"), project(**more)],
        "project_assessments": [assessment(project_id="wiki", id="w"), *assessments],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/shop", said)], "SHOP")


NONE = fault("is built without an approved assessment")
INSIDE = fault("its assessment was approved by who works on it")

CASES = {
    "upheld": Case(upheld(2), **given(assessment())),
    "none": Case(NONE, **given()),
    "not approved": Case(NONE, **given(assessment(None, None))),
    "in another register": Case(NONE, **given(assessment(source="other"))),
    "approved by its owner": Case(INSIDE, **given(assessment(by="ada"))),
    "approved by a member": Case(INSIDE, **given(assessment(by="bob"))),
    "approved by a member and by somebody else": Case(upheld(2), **given(assessment(by="bob"), assessment())),
    "approved by an unknown person": Case(INSIDE, **given(assessment(by=None))),
    "too late": Case(fault("was built before its assessment was approved"), **given(assessment("2026-03-02"))),
    "in the same instant": Case(upheld(2), **given(assessment("2026-03-01"))),
    "when it was built is unknown": Case(fault("was built before its assessment was approved"), **given(assessment(), build_at=None)),
    "live": Case(NONE, **given(stage="live")),
    "an idea": Case(upheld(2), **given(stage="idea", build_at=None)),
    "a plan": Case(upheld(2), **given(stage="plan", build_at=None)),
    "stage unknown": Case(unproven("SHOP (its stage is unknown)", 2), **given(assessment(), stage=None)),
    "no project": Case(unproven("0 of 0"), projects=[], project_assessments=[]),
    "stale": Case(unproven("stale"), stale=["projects"], **given(assessment())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
