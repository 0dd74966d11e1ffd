from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, person
from tests.mutants import survivors

MEASURE = "authorization/reviewer_independent"


def given(**more: Any) -> dict[str, Any]:
    said: Made = {"id": "1/1", "review_id": "1", "told_by": "test", "system_id": "crm", "account_id": "ada", "entitlement": "sales"}
    decided = {"person_id": "E-ada", "decision": "keep", "decided_by_id": "E-oda", "decided_at": at("2026-04-20")}
    again = {**person("ada"), "id": "E-again", "started_on": None}
    return {"review_items": [{**said, **decided, **more}], "people": [person("ada"), person("oda"), again]}


OWN = broken(1, [("test/1/1", "was decided by whose access it is")], "ada on crm: sales")
CASES = {
    "by somebody else": Case(upheld(1), **given()),
    "by oneself": Case(OWN, **given(decided_by_id="E-ada")),
    "by oneself under another number": Case(OWN, **given(decided_by_id="E-again")),
    "by oneself, unknown to HR": Case(OWN, **given(person_id="X", decided_by_id="X")),
    "of nobody known": Case(upheld(1), **given(person_id=None)),
    "by nobody known": Case(unproven("who decided is unknown", 1), **given(decided_by_id=None)),
    "not decided": Case(upheld(0), **given(decision=None)),
    "none": Case(upheld(0), review_items=[], people=[person("ada")]),
    "stale": Case(unproven("stale"), stale=["review_items"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
