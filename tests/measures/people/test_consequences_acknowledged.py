from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "people/consequences_acknowledged"


def read(name: str, when: str, **more: Any) -> Made:
    return {"id": f"r-{name}-{when}", "version_id": "rules-1", "person_id": f"E-{name}", "acknowledged_at": at(when), **more}


def given(*reads: Made, other: Made | None = None, **more: Any) -> dict[str, Any]:
    """A text on consequences of 1 April, which Ada read, and one on something else."""
    text = policy("rules", **{"topic_id": "consequences", **more})
    return {
        "people": [person("ada"), other or person("bob")],
        "policies": [text, policy("access", topic_id="access"), policy("other")],
        "policy_acknowledgements": [read("ada", "2026-04-02"), *reads],
    }


MISSING = broken(2, [("E-bob/rules", "not acknowledged, due by 2026-05-01")], "Bob, Rules")

CASES = {
    "upheld": Case(upheld(2), **given(read("bob", "2026-05-01"), read("bob", "2026-05-03"))),
    "a joiner after 31 days without it": Case(
        broken(2, [("E-bob/rules", "not acknowledged, due by 2026-05-03")]), **given(other=person("bob", started_on=on("2026-04-03")))
    ),
    "not at all": Case(MISSING, **given()),
    "an older version": Case(MISSING, **given(read("bob", "2026-04-02", version_id="rules-0"))),
    "in another register": Case(MISSING, **given(read("bob", "2026-04-02", source="other"))),
    "began lately": Case(upheld(2, flips_at=at("2026-05-20")), **given(other=person("bob", started_on=on("2026-04-20")))),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(published_at=at("2026-04-04 12:00"))),
    "first day unknown": Case(unproven("Bob, Rules (the first day", 2), **given(other=person("bob", started_on=None))),
    "left": Case(upheld(1), **given(other=person("bob", ended_on=on("2026-05-03")))),
    "no text": Case(
        broken(2, [(who, "no text on the consequences is published") for who in ("E-ada", "E-bob")]), **given(topic_id="something")
    ),
    "no published text": Case(
        broken(2, [(who, "no text on the consequences is published") for who in ("E-ada", "E-bob")]),
        **given(version_id=None, published_at=None),
    ),
    "nobody": Case(unproven("0 of 0"), **{**given(), "people": []}),
    "stale": Case(unproven("stale"), stale=["policy_acknowledgements"], **given(read("bob", "2026-04-02"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
