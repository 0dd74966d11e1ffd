import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "operations/audit_agreed"


def window(**more: object) -> Made:
    """The CRM may be looked into on 1 April."""
    return {
        "id": "w",
        "system_id": "crm",
        "from_at": at("2026-04-01"),
        "until_at": at("2026-04-02"),
        "read_only": True,
        "agreed_by_id": "E-ada",
        "agreed_at": at("2026-03-20"),
        **more,
    }


def given(*windows: Made, **more: object) -> dict:
    """Bob looked into it from beginning to end."""
    did = {
        "id": "1",
        "system_id": "crm",
        "person_id": "E-bob",
        "from_at": at("2026-04-01"),
        "until_at": at("2026-04-02"),
        "read_only": True,
        **more,
    }
    return {"audit_activities": [did], "audit_windows": list(windows)}


def failing(why: str) -> object:
    return broken(1, [("test/1", why)], "crm, 2026-04-01")


OUTSIDE = failing("outside every agreed window")

CASES = {
    "upheld": Case(upheld(1), **given(window())),
    "changed, as agreed": Case(upheld(1), **given(window(read_only=False), read_only=False)),
    "changed": Case(failing("changed something, which was not agreed"), **given(window(), read_only=False)),
    "no window": Case(OUTSIDE, **given()),
    "too early": Case(OUTSIDE, **given(window(from_at=at("2026-04-01 01:00")))),
    "too late": Case(OUTSIDE, **given(window(until_at=at("2026-04-01 23:00")))),
    "another system": Case(OUTSIDE, **given(window(system_id="wiki"))),
    "another register": Case(OUTSIDE, **given(window(source="x"))),
    "not agreed": Case(OUTSIDE, **given(window(agreed_at=None))),
    "agreed afterwards": Case(OUTSIDE, **given(window(agreed_at=at("2026-04-03")))),
    "agreed by who did it": Case(OUTSIDE, **given(window(agreed_by_id="E-bob"))),
    "whether it changed anything is unknown": Case(unproven("is unknown", 1), **given(window(), read_only=None)),
    "backwards": Case(unproven("is unknown", 1), **given(window(), until_at=at("2026-03-01"))),
    "undated": Case(unproven("crm, undated", 1), **given(window(), from_at=None)),
    "nothing was done": Case(upheld(0), audit_activities=[], audit_windows=[]),
    "stale": Case(unproven("stale"), stale=["audit_windows"], **given(window())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
