from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "people/developers_acknowledged_guidelines"


def read(name: str, when: str, **more: Any) -> Made:
    return {"id": f"r-{name}-{when}", "version_id": "code-1", "person_id": f"E-{name}", "acknowledged_at": at(when), **more}


def commit(mail: str, seen: str = "2026-04-01", **more: Any) -> Made:
    said = {"id": f"r/{mail}-{seen}", "repository_id": "r", "oid": mail, "branch": "main", "author": mail, "seen_at": at(seen)}
    return {**said, **more}


def given(*reads: Made, other: Made | None = None, commits: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Guidelines of 1 April, which Ada, a developer, read, and a text on something else. The other is a developer too."""
    text = policy("code", **{"topic_id": "development-guidelines", **more})
    found = {
        "people": [person("ada", role="Developer"), other or person("bob", role="Software engineer")],
        "policies": [text, policy("access", topic_id="access"), policy("other")],
        "policy_acknowledgements": [read("ada", "2026-04-02"), *reads],
    }
    return found if commits is None else {**found, "commits": commits}


MISSING = broken(2, [("E-bob/code", "not acknowledged, due by 2026-05-01")], "Bob, Code")
CLERK = person("bob", role="clerk", mail="Bob@example.com")

CASES = {
    "upheld": Case(upheld(2), **given(read("bob", "2026-05-01"), read("bob", "2026-05-03"))),
    "not at all": Case(MISSING, **given()),
    "an older version": Case(MISSING, **given(read("bob", "2026-04-02", version_id="code-0"))),
    "in another register": Case(MISSING, **given(read("bob", "2026-04-02", source="other"))),
    "no developer": Case(upheld(1), **given(other=CLERK, commits=[commit("eve@example.com")])),
    "no developer, but writes commits": Case(MISSING, **given(other=CLERK, commits=[commit("bob@example.com")])),
    "writes them with others": Case(
        MISSING, **given(other=CLERK, commits=[commit("eve@example.com", authors=["eve@example.com", "bob@example.com"])])
    ),
    "wrote one long ago": Case(upheld(1), **given(other=CLERK, commits=[commit("bob@example.com", "2025-10-01")])),
    "of an unknown role": Case(unproven("Bob, Code (whether this person develops", 2), **given(other=person("bob"))),
    "of an unknown role, and writes commits": Case(MISSING, **given(other=person("bob"), commits=[commit("bob@example.com")])),
    "began lately": Case(upheld(2, flips_at=at("2026-05-20")), **given(other=person("bob", role="Developer", started_on=on("2026-04-20")))),
    "due this instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(published_at=at("2026-04-04 12:00"))),
    "first day unknown": Case(unproven("Bob, Code (the first day", 2), **given(other=person("bob", role="Developer", started_on=None))),
    "left": Case(upheld(1), **given(other=person("bob", role="Developer", ended_on=on("2026-05-03")))),
    "no text": Case(broken(2, [(who, "no text on development is published") for who in ("E-ada", "E-bob")]), **given(topic_id="other")),
    "no published text": Case(
        broken(2, [(who, "no text on development is published") for who in ("E-ada", "E-bob")]), **given(version_id=None, published_at=None)
    ),
    "nobody": Case(unproven("0 of 0"), **{**given(), "people": []}),
    "stale": Case(unproven("stale"), stale=["policy_acknowledgements"], **given(read("bob", "2026-04-02"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
