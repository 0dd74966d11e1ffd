from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "governance/policy_set_complete"


def topic(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.upper(), **more}


def given(*policies: Made, topics: tuple[Made, ...] = (topic("crypto"),)) -> dict[str, Any]:
    """Topics beside one that has its policy."""
    return {"policy_topics": [topic("access"), *topics], "policies": [policy("Access", topic_id="access"), *policies]}


NONE = broken(2, [("test/crypto", "has no policy")], "CRYPTO")
UNPUBLISHED = broken(2, [("test/crypto", "has a policy that was never published")], "CRYPTO")

CASES = {
    "upheld": Case(upheld(2), **given(policy("Crypto", topic_id="crypto"))),
    "no policy": Case(NONE, **given()),
    "on nothing in particular": Case(NONE, **given(policy("Crypto", topic_id=None))),
    "not published": Case(UNPUBLISHED, **given(policy("Crypto", topic_id="crypto", version_id=None))),
    "one of two published": Case(upheld(2), **given(policy("A", topic_id="crypto", version_id=None), policy("B", topic_id="crypto"))),
    "in another register": Case(NONE, **given(policy("Crypto", topic_id="crypto", source="other"))),
    "no topic": Case(unproven("0 of 0"), policy_topics=[], policies=[policy("Access")]),
    "stale": Case(unproven("stale"), stale=["policies"], **given(policy("Crypto", topic_id="crypto"))),
    "unknown: cut short": Case(unproven("never"), partial=["policies"], **given(policy("Crypto", topic_id="crypto"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
