from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "governance/interest_groups_active"


def membership(name: str = "isac", **more: Any) -> Made:
    """Somebody took part in April, and that is good until October."""
    return {
        "id": name,
        "kind": "isac",
        "title": name.upper(),
        "holder_id": "E-ada",
        "active_at": at("2026-04-01"),
        "active_until_at": at("2026-10-01"),
        **more,
    }


def given(*memberships: Made, **more: Any) -> dict[str, Any]:
    return {"people": [person("ada", **more), person("bob")], "group_memberships": list(memberships)}


NONE = broken(1, [("memberships", "in none of them has somebody who works here taken part lately: ISAC")], "Memberships in security groups")
OLD = {"active_until_at": at("2026-05-01")}

CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-10-01")), **given(membership())),
    "inactive": Case(NONE, **given(membership(**OLD))),
    "one of two is active": Case(upheld(1, flips_at=at("2026-10-01")), **given(membership(), membership("cert", **OLD))),
    "the later one counts": Case(
        upheld(1, flips_at=at("2027-01-01")), **given(membership(), membership("cert", active_until_at=at("2027-01-01")))
    ),
    "the holder left": Case(NONE, **given(membership(), ended_on=on("2026-05-03"))),
    "an active one whose holder left": Case(
        upheld(1, flips_at=at("2026-10-01")),
        **given(membership(), membership("cert", holder_id="E-gone", active_until_at=at("2027-01-01"))),
    ),
    "nobody ever took part": Case(NONE, **given(membership(active_at=None, active_until_at=None))),
    "soon to be active again": Case(at_risk(1, flips_at=at("2026-05-20")), **given(membership(active_until_at=at("2026-05-20")))),
    "due this instant": Case(at_risk(1), **given(membership(active_until_at=at("2026-05-04 12:00")))),
    "none": Case(broken(1, [("memberships", "there is no membership")]), **given()),
    "unknown: cut short": Case(unproven("never"), partial=["group_memberships"], **given(membership())),
    "stale": Case(unproven("stale"), stale=["group_memberships"], **given(membership())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
