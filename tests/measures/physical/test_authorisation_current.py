from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.sited import authorised
from tests.mutants import survivors

MEASURE = "physical/authorisation_current"


def given(*authorisations: Made) -> dict[str, Any]:
    return {
        "people": [
            person("ada"), person("bob"), person("eve", ended_on=on("2026-05-03")), person("new", started_on=None),
            person("cy", ended_on=on("2026-05-09")),
        ],
        "zone_authorisations": [authorised("ada", "office"), *authorisations],
    }  # fmt: skip


CASES = {
    "upheld": Case(upheld(1), **given(authorised("eve", "office", withdrawn_at=at("2026-05-03")))),
    "many at once": Case(
        broken(
            4,
            [
                ("test/bob-office", "ran out on 2026-05-03 and was not withdrawn"),
                ("test/eve-office", "left on 2026-05-03, and is authorised still"),
                ("test/zoe-office", "no list of people knows them"),
            ],
        ),
        **given(authorised("bob", "office", until_on=on("2026-05-03")), authorised("eve", "office"), authorised("zoe", "office")),
    ),
    "first day unknown": Case(unproven("whether they work here is unknown", 2), **given(authorised("new", "office"))),
    "runs out today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(authorised("bob", "office", until_on=on("2026-05-04")))),
    "leaves soon": Case(at_risk(2, flips_at=at("2026-05-10")), **given(authorised("cy", "office"))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"zone_authorisations": []}),
    "stale": Case(unproven("stale"), stale=["zone_authorisations"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
