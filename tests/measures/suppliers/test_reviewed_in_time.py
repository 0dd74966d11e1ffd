from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.supplied import supplier
from tests.mutants import survivors

MEASURE = "suppliers/reviewed_in_time"


def given(**more: Any) -> dict[str, list[Made]]:
    return {"suppliers": [supplier("cloud"), supplier("host", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/host", said)], "HOST")


# A day less than each class allows, and a day more.
IN_TIME = {"critical": "2025-05-05", "high": "2025-05-05", "medium": "2024-05-05", "low": "2023-05-05"}
LATE = {"critical": "2025-05-03", "high": "2025-05-03", "medium": "2024-05-03", "low": "2023-05-03"}

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given()),
    **{
        f"{tier}, nearly due": Case(at_risk(2, flips_at=at("2026-05-05")), **given(tier=tier, reviewed_at=at(day)))
        for tier, day in IN_TIME.items()
    },
    **{
        f"{tier}, overdue": Case(fault(f"last looked at on {day}, of {tier} risk"), **given(tier=tier, reviewed_at=at(day)))
        for tier, day in LATE.items()
    },
    "never": Case(fault("never looked at"), **given(reviewed_at=None)),
    "never, of an unknown class": Case(fault("never looked at"), **given(reviewed_at=None, tier=None)),
    "of an unknown class": Case(unproven("HOST (last looked at on 2026-02-01, its risk class is unknown)", 2), **given(tier=None)),
    "in another register": Case(upheld(2), suppliers=[supplier("cloud"), supplier("cloud", source="other", tier="low")]),
    "not engaged": Case(upheld(1), **given(reviewed_at=None, from_on=None)),
    "engaged from tomorrow": Case(upheld(1), **given(reviewed_at=None, from_on=on("2026-05-05"))),
    "engaged from today": Case(fault("never looked at"), **given(reviewed_at=None, from_on=on("2026-05-04"))),
    "over since yesterday": Case(upheld(1), **given(reviewed_at=None, until_on=on("2026-05-03"))),
    "its last day": Case(fault("never looked at"), **given(reviewed_at=None, until_on=on("2026-05-04"))),
    "no supplier": Case(unproven("0 of 0"), suppliers=[]),
    "stale": Case(unproven("stale"), stale=["suppliers"], **given()),
    "too generous a parameter": Case(broken(), parameters={"review_interval_critical": "3 years"}, **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
