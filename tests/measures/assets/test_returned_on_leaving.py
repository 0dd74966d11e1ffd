from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.sited import asset, held
from tests.mutants import survivors

MEASURE = "assets/returned_on_leaving"

CLERK = {"role": "clerk", "seen_from_at": at("2026-04-01")}


def given(*custodies: Made, people: tuple[Made, ...] = (), roles: tuple[str, ...] = ("clerk",)) -> dict[str, Any]:
    """Ada, a clerk, has a laptop, which clerks need."""
    return {
        "people": [person("ada", **CLERK), *people],
        "registered_assets": [asset("L-1"), asset("L-2"), asset("L-3", class_id="phone")],
        "asset_classes": [{"id": "laptop", "title": "Laptop", "roles": list(roles)}, {"id": "phone", "title": "Phone", "roles": []}],
        "asset_custodies": [held("L-1", "ada"), *custodies],
    }


CASES = {
    "upheld": Case(
        upheld(2),
        **given(
            held("L-3", "eve"),
            held("L-2", "bob", returned_at=at("2026-04-01")),
            people=(person("eve", role="cook", seen_from_at=at("2026-04-01")), person("bob", ended_on=on("2026-01-01"))),
        ),
    ),
    "many at once": Case(
        broken(
            5,
            [
                ("test/L-2-bob", "is held by somebody who left, and was due on 2026-05-04"),
                ("test/L-2-eve", "is held by somebody who is cook now, and was due on 2026-04-08"),
                ("test/L-2-zoe", "is held by somebody whom no list of people knows"),
            ],
            "L-2, Bob",
        ),
        **given(
            held("L-2", "bob"),
            held("L-2", "eve"),
            held("L-2", "zoe"),
            held("L-2", "new"),
            people=(
                person("bob", role="clerk", ended_on=on("2026-04-26")),
                person("eve", role="cook", seen_from_at=at("2026-04-01")),
                person("new", role="cook", seen_from_at=at("2026-05-03")),
            ),
        ),
    ),
    "leaves soon": Case(
        upheld(2, flips_at=at("2026-05-12")), **given(held("L-2", "bob"), people=(person("bob", role="clerk", ended_on=on("2026-05-04")),))
    ),
    "left, and due this instant": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(held("L-2", "bob"), people=(person("bob", role="clerk", ended_on=on("2026-04-27")),))
    ),
    "moved, and due soon": Case(
        at_risk(2, flips_at=at("2026-05-05 12:00")),
        **given(held("L-2", "eve"), people=(person("eve", role="cook", seen_from_at=at("2026-04-28 12:00")),)),
    ),
    "moved, and due this instant": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")),
        **given(held("L-2", "eve"), people=(person("eve", role="cook", seen_from_at=at("2026-04-27 12:00")),)),
    ),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"asset_custodies": []}),
    "unknown: read in part": Case(unproven("never"), partial=["asset_custodies"], **given()),
    "stale": Case(unproven("stale"), stale=["people"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
