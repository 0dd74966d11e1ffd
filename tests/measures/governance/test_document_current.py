from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "governance/document_current"


def document(name: str, **more: Any) -> Made:
    """A document that is published as approved, and was reviewed in winter."""
    return {
        "id": name,
        "title": name.upper(),
        "published_digest": "a1",
        "approved_digest": "a1",
        "current_digest": "a1",
        "reviewed_at": at("2026-01-01"),
        **more,
    }


def given(*documents: Made) -> dict[str, Any]:
    """Documents beside one that is current."""
    return {"published_documents": [document("iso"), *documents]}


def fault(said: str, **more: Any) -> Case:
    """A document with one fault, beside one that is current."""
    return Case(broken(2, [("test/cloud", said)], "CLOUD"), **given(document("cloud", **more)))


CASES = {
    "upheld": Case(upheld(1, flips_at=at("2027-01-01")), **given()),
    "never published": fault("was never published", published_digest=None),
    "never approved": fault("is published, but was never approved", approved_digest=None),
    "another version": fault("is published in another version than was approved", approved_digest="b2", current_digest="b2"),
    "changed": fault("changed since it was published", current_digest="b2"),
    "never reviewed": fault("was never reviewed", reviewed_at=None),
    "reviewed long ago": fault("was last reviewed on 2025-05-04", reviewed_at=at("2025-05-04")),
    "reviewed long ago, text unknown": fault("was last reviewed on 2025-05-04", reviewed_at=at("2025-05-04"), current_digest=None),
    "soon to be reviewed": Case(at_risk(2, flips_at=at("2026-05-10")), **given(document("cloud", reviewed_at=at("2025-05-10")))),
    "text unknown": Case(
        unproven("CLOUD (whether it changed since it was published is unknown)", 2), **given(document("cloud", current_digest=None))
    ),
    "nothing to judge": Case(unproven("0 of 0"), published_documents=[]),
    "stale": Case(unproven("stale"), stale=["published_documents"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
