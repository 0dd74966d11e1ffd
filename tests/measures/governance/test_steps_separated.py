from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "governance/steps_separated"
RULE = {"id": "write + approve", "first": "write", "second": "approve", "why": "nobody approves what they wrote"}


def step(number: str, action: str, by: str | None, record: str = "policy/1", **more: Any) -> Made:
    return {"id": number, "action": action, "person_id": by and f"E-{by}", "record": record, "done_at": at("2026-04-01"), **more}


def given(*steps: Made, rules: tuple[Made, ...] = (RULE,)) -> dict[str, Any]:
    """Ada wrote policy 1, and Bob approved it."""
    return {"record_steps": [step("1", "write", "ada"), step("2", "approve", "bob"), *steps], "step_rules": list(rules)}


BOTH = broken(2, [("test/3/write + approve", "the same person did write: nobody approves what they wrote")], "policy/1, approve")

CASES = {
    "upheld": Case(upheld(1), **given()),
    "both by one": Case(BOTH, **given(step("3", "approve", "ada"))),
    "without a reason": Case(
        broken(2, [("test/3/write + approve", "the same person did write")]),
        **given(step("3", "approve", "ada"), rules=(RULE | {"why": None},)),
    ),
    "on another record": Case(upheld(2), **given(step("3", "approve", "ada", "policy/2"))),
    "another step": Case(upheld(1), **given(step("3", "read", "ada"))),
    "another first step": Case(upheld(2), **given(step("3", "read", "eve"), step("4", "approve", "eve"))),
    "in another register": Case(upheld(1), **given(step("3", "approve", "ada", source="other"))),
    "in another register, by its rules": Case(
        upheld(2), **given(step("3", "approve", "ada", source="other"), rules=(RULE, RULE | {"source": "other"}))
    ),
    "twice first": Case(upheld(1), **given(step("3", "write", "cy"))),
    "who is unknown": Case(unproven("policy/1, approve (who did it is unknown)", 2), **given(step("3", "approve", None))),
    "no step of a rule": Case(unproven("0 of 0"), **given(rules=())),
    "stale": Case(unproven("stale"), stale=["record_steps"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
