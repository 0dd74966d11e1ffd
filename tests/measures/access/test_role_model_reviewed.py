from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "access/role_model_reviewed"


def role(name: str = "seller", **more: Any) -> Made:
    said = {"id": name, "title": name.capitalize(), "owner_id": "E-oda", "declared_at": at("2020-01-01")}
    return {**said, "reviewed_at": at("2026-01-01"), "reviewed_by_id": "E-oda", **more}


def given(**more: Any) -> dict[str, Any]:
    return {"business_roles": [role(**more)]}


def failing(detail: str) -> Any:
    return broken(1, [("test/seller", detail)], "Seller")


NEVER = {"reviewed_at": None, "reviewed_by_id": None}
CASES = {
    "upheld": Case(upheld(1, flips_at=at("2027-01-01")), **given()),
    "due this month": Case(at_risk(1, flips_at=at("2026-05-20")), **given(reviewed_at=at("2025-05-20"))),
    "due now": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(reviewed_at=at("2025-05-04 12:00"))),
    "late": Case(failing("last reviewed on 2025-05-03"), **given(reviewed_at=at("2025-05-03"))),
    "never": Case(failing("never reviewed since 2020-01-01"), **given(**NEVER)),
    "new": Case(upheld(1, flips_at=at("2027-02-01")), **given(**NEVER, declared_at=at("2026-02-01"))),
    "by somebody else": Case(failing("was reviewed by somebody who does not answer for it"), **given(reviewed_by_id="E-eve")),
    "by nobody known": Case(unproven("who reviewed it is unknown", 1), **given(reviewed_by_id=None)),
    "nobody's": Case(failing("nobody answers for it"), **given(owner_id=None)),
    "nobody knows when": Case(unproven("when it was reviewed is unknown", 1), **given(**NEVER, declared_at=None)),
    "no role": Case(unproven("0 of 0"), business_roles=[]),
    "stale": Case(unproven("stale"), stale=["business_roles"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
