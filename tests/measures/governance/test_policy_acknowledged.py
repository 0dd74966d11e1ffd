from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "governance/policy_acknowledged"


def read(name: str, when: str, **more: Any) -> Made:
    return {
        "id": f"r-{name}-{when}",
        "version_id": "access-1",
        "person_id": f"E-{name}",
        "acknowledged_at": at(when),
        "digest": "d" * 64,
        **more,
    }


def given(*reads: Made, people: tuple[Made, ...] = (person("bob"),), **more: Any) -> dict[str, Any]:
    """A policy of 1 April to be read by 1 May, which Ada read."""
    return {
        "people": [person("ada", department="sales", role="clerk"), *people],
        "policies": [policy("access", **more)],
        "policy_acknowledgements": [read("ada", "2026-04-02"), *reads],
    }


MISSING = broken(2, [("test/access/E-bob", "not acknowledged, due by 2026-05-01")], "Access, Bob")
NEW = person("bob", started_on=on("2026-04-20"))
SALES = {"audience": "department", "audience_name": "sales"}
CLERKS = {"audience": "role", "audience_name": "clerk"}

CASES = {
    "upheld": Case(upheld(2), **given(read("bob", "2026-05-01"))),
    "31 days late": Case(
        broken(2, [("test/access/E-bob", "acknowledged on 2026-05-02, due by 2026-05-01")]), **given(read("bob", "2026-05-02"))
    ),
    "late, and again": Case(
        broken(2, [("test/access/E-bob", "acknowledged on 2026-05-02, due by 2026-05-01")]),
        **given(read("bob", "2026-05-02"), read("bob", "2026-05-03")),
    ),
    "not at all": Case(MISSING, **given()),
    "an older version": Case(MISSING, **given(read("bob", "2026-04-02", version_id="access-0"))),
    "in another register": Case(MISSING, **given(read("bob", "2026-04-02", source="other"))),
    "began later": Case(upheld(2, flips_at=at("2026-05-20")), **given(people=(NEW,))),
    "began later, soon due": Case(at_risk(2, flips_at=at("2026-05-10")), **given(people=(person("bob", started_on=on("2026-04-10")),))),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(published_at=at("2026-04-04 12:00"))),
    "left": Case(upheld(1), **given(people=(person("bob", ended_on=on("2026-05-03")),))),
    "to come": Case(upheld(1), **given(people=(person("bob", started_on=on("2026-05-05")),))),
    "first day unknown": Case(
        unproven("Bob (the first day is unknown, and so is the due date)"), **given(people=(person("bob", started_on=None),))
    ),
    "of another department": Case(upheld(1), **given(people=(person("bob", department="it"),), **SALES)),
    "of the department": Case(MISSING, **given(people=(person("bob", department="sales"),), **SALES)),
    "of an unknown department": Case(unproven("whether it is meant for this person is unknown", 2), **given(**SALES)),
    "of another role": Case(upheld(1), **given(people=(person("bob", role="boss"),), **CLERKS)),
    "of the role": Case(MISSING, **given(people=(person("bob", role="clerk"),), **CLERKS)),
    "of an unknown role": Case(unproven("whether it is meant for this person is unknown", 2), **given(**CLERKS)),
    "meant for nobody": Case(unproven("0 of 0"), **given(audience="nobody")),
    "not published": Case(unproven("0 of 0"), **given(version_id=None)),
    "stale": Case(unproven("stale"), stale=["policy_acknowledgements"], **given(read("bob", "2026-05-01"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
