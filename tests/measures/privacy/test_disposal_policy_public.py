from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/disposal_policy_public"


def policy(**more: Any) -> Made:
    """On disposal, published in January, meant for customers."""
    return {
        "id": "disposal",
        "title": "Disposal",
        "topic_id": "disposal-of-personal-data",
        "outsiders": ["customer"],
        "version_id": "1",
        "published_at": at("2026-01-01"),
        **more,
    }


def fault(said: str) -> Any:
    return broken(1, [("disposal", said)])


NONE = fault("there is no policy on disposal-of-personal-data")

CASES = {
    "upheld": Case(upheld(1), policies=[policy()]),
    "one of two": Case(upheld(1), policies=[policy(), policy(id="x", version_id=None)]),
    "for suppliers": Case(fault("published, and not meant for customers"), policies=[policy(outsiders=["supplier"])]),
    "not published": Case(fault("written, and not published"), policies=[policy(version_id=None)]),
    "one published for nobody, and a draft for customers": Case(
        fault("published, and not meant for customers"), policies=[policy(outsiders=[]), policy(id="x", version_id=None)]
    ),
    "on something else": Case(NONE, policies=[policy(topic_id="access")]),
    "no topic": Case(NONE, policies=[policy(topic_id=None)]),
    "no policy": Case(NONE, policies=[]),
    "its own topic": Case(upheld(1), policies=[policy(topic_id="end")], parameters={"disposal_topic": "end"}),
    "unknown: nobody reads policies": Case(unproven("policies")),
    "stale": Case(unproven("stale"), stale=["policies"], policies=[policy()]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
