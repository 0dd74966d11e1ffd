from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/consent_unconditional"


def sign_up(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.capitalize(), "consent_required": False, "checked_at": at("2026-01-01"), **more}


CASES = {
    "upheld": Case(upheld(2), sign_ups=[sign_up("shop"), sign_up("app")]),
    "it takes consent": Case(
        broken(2, [("test/app", "consent required: true, tried on 2026-01-01")]),
        sign_ups=[sign_up("shop"), sign_up("app", consent_required=True)],
    ),
    "nobody else tried it": Case(unproven("1 of 2 ways"), sign_ups=[sign_up("shop"), sign_up("app", checked_at=None)]),
    "not known": Case(unproven("1 of 2 ways"), sign_ups=[sign_up("shop"), sign_up("app", consent_required=None)]),
    "it takes consent, and nobody tried it": Case(
        broken(1, [("test/app", "consent required: true, nobody else tried it")]),
        sign_ups=[sign_up("app", consent_required=True, checked_at=None)],
    ),
    "none": Case(unproven("0 of 0"), sign_ups=[]),
    "stale": Case(unproven("stale"), stale=["sign_ups"], sign_ups=[sign_up("app")]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
