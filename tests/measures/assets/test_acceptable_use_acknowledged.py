from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, person
from tests.measures.sited import DIGEST, asset, held
from tests.mutants import survivors

MEASURE = "assets/acceptable_use_acknowledged"


def read(who: str, when: str = "2026-02-01", **more: Any) -> Made:
    return {"id": f"{who}-{when}", "class_id": "laptop", "person_id": f"E-{who}", "acknowledged_at": at(when), "digest": DIGEST, **more}


def given(*custodies: Made, reads: tuple[Made, ...] = (), digest: str | None = DIGEST) -> dict[str, Any]:
    """Ada has a laptop, whose rules she read in February."""
    return {
        "people": [person("ada"), person("bob"), person("cy")],
        "registered_assets": [asset("L-1"), asset("L-2"), asset("L-3"), asset("USB", class_id=None)],
        "asset_classes": [{"id": "laptop", "title": "Laptop", "rules_digest": digest, "roles": []}],
        "asset_custodies": [held("L-1", "ada"), held("L-9", "bob", returned_at=at("2026-04-01")), *custodies],
        "use_acknowledgements": [read("ada"), *reads],
    }


CASES = {
    "upheld": Case(upheld(1), **given()),
    "many at once": Case(
        broken(
            4,
            [
                ("test/L-2-bob", "had not acknowledged the rules when it was handed out"),
                ("test/L-3-cy", "has not acknowledged the rules as they are now"),
                ("test/USB-ada", "there are no rules of use to acknowledge"),
            ],
            "L-2, Bob",
        ),
        **given(
            held("L-2", "bob"),
            held("L-3", "cy"),
            held("USB", "ada"),
            reads=(read("bob", "2026-03-02"), read("cy", digest="old"), read("cy", "2026-02-02", class_id="phone")),
        ),
    ),
    "no rules": Case(broken(1, [("test/L-1-ada", "there are no rules of use to acknowledge")]), **given(digest=None)),
    "at once": Case(upheld(2), **given(held("L-2", "bob"), reads=(read("bob", "2026-03-01"),))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"asset_custodies": []}),
    "unknown: read in part": Case(unproven("never"), partial=["use_acknowledgements"], **given()),
    "stale": Case(unproven("stale"), stale=["use_acknowledgements"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
