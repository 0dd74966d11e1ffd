from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/marketing_consented"


def used(**more: Any) -> Made:
    return {"id": "m1", "principal": "p-1", "purpose": "newsletter", "used_at": at("2026-04-01"), **more}


def consent(**more: Any) -> Made:
    return {"id": "c", "principal": "p-1", "purpose": "newsletter", "given_at": at("2026-01-01"), **more}


def given(use: Made, *consents: Made) -> dict[str, list[Made]]:
    other = {"id": "m2", "principal": "p-2"}
    return {"marketing_uses": [use, used(**other)], "consents": [consent(id="d", principal="p-2"), *consents]}


def fault(purpose: str = "newsletter", day: str = "2026-04-01") -> Any:
    return broken(2, [("test/m1", f"no consent in force for {purpose} on {day}")])


CASES = {
    "upheld": Case(upheld(2), **given(used(), consent())),
    "no consent": Case(fault(), **given(used())),
    "withdrawn": Case(fault(), **given(used(), consent(withdrawn_at=at("2026-03-01")))),
    "withdrawn at that moment": Case(fault(), **given(used(), consent(withdrawn_at=at("2026-04-01")))),
    "withdrawn afterwards": Case(upheld(2), **given(used(), consent(withdrawn_at=at("2026-04-02")))),
    "given afterwards": Case(fault(), **given(used(), consent(given_at=at("2026-04-02")))),
    "given at that moment": Case(upheld(2), **given(used(), consent(given_at=at("2026-04-01")))),
    "given again": Case(upheld(2), **given(used(), consent(withdrawn_at=at("2026-02-01")), consent(id="e", given_at=at("2026-03-01")))),
    "to something else": Case(fault("survey"), **given(used(purpose="survey"), consent())),
    "whom is not told": Case(unproven("1 of 2 uses"), **given(used(principal=None), consent())),
    "what for is not told": Case(unproven("1 of 2 uses"), **given(used(purpose=None), consent())),
    "when is not told": Case(unproven("1 of 2 uses"), **given(used(used_at=None), consent())),
    "no marketing": Case(upheld(0), marketing_uses=[], consents=[]),
    "stale": Case(unproven("stale"), stale=["consents"], **given(used(), consent())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
