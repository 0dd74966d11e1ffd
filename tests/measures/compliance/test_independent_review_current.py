import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.compliance.made import audit, covers
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "compliance/independent_review_current"


def change(number: str, when: str | None, **more: object) -> Made:
    return {"id": number, "policy_id": "access", "kind": "other", "what": "a merger", "happened_at": at(when) if when else None, **more}


def given(*audits: Made, changes: list[Made] | None = None, scopes: list[Made] | None = None) -> dict:
    """The chapter backup was covered in March."""
    return {
        "promise_chapters": [{"id": "backup", "roles": []}],
        "audits": [audit("iso"), *audits],
        "audit_scopes": [covers("iso", "backup")] if scopes is None else scopes,
        "policy_changes": changes or [],
    }


NEVER = broken(1, [("chapter/backup", "no independent review that covered it has ended")])
JANUARY = change("1", "2026-01-10")

CASES = {
    "upheld": Case(upheld(1, flips_at=at("2029-03-01")), **given(audit("old", ended_on=on("2020-01-01")))),
    "the last counts": Case(
        upheld(1), **given(audit("old", ended_on=on("2020-01-01")), scopes=[covers("iso", "backup"), covers("old", "backup")])
    ),
    "long ago": Case(
        broken(1, [("chapter/backup", "last reviewed on 2023-05-03, too long ago")]),
        **given(audit("old", ended_on=on("2023-05-03")), scopes=[covers("old", "backup")]),
    ),
    "soon too long ago": Case(
        at_risk(1, flips_at=at("2026-05-05")), **given(audit("old", ended_on=on("2023-05-05")), scopes=[covers("old", "backup")])
    ),
    "this instant": Case(at_risk(1), as_of=at("2029-03-01"), **given()),
    "never": Case(NEVER, **given(scopes=[covers("iso", "people")])),
    "a system of that name": Case(NEVER, **given(scopes=[covers("iso", "backup", "system")])),
    "not ended": Case(NEVER, **given(audit("new", ended_on=None), scopes=[covers("new", "backup")])),
    "in another register": Case(NEVER, **given(scopes=[covers("iso", "backup", source="x")])),
    "after a change": Case(upheld(2), **given(audit("extra", follows="1", ended_on=on("2026-04-10")), changes=[JANUARY])),
    "after a change, at once": Case(
        upheld(2), **given(audit("extra", follows="1", ended_on=on("2026-01-10")), changes=[change("1", "2026-01-10 09:00")])
    ),
    "late": Case(
        broken(2, [("change/1", "reviewed on 2026-04-11, due by 2026-04-10")]),
        **given(audit("extra", follows="1", ended_on=on("2026-04-11")), changes=[JANUARY]),
    ),
    "ended before it": Case(
        broken(2, [("change/1", "not followed by a review, due by 2026-04-10")]),
        **given(audit("extra", follows="1", ended_on=on("2026-01-09")), changes=[JANUARY]),
    ),
    "follows another": Case(
        broken(3), **given(audit("extra", follows="2", ended_on=on("2026-02-09")), changes=[JANUARY, change("2", "2026-02-01")])
    ),
    "another register's": Case(broken(2), **given(audit("extra", follows="1", ended_on=on("2026-02-09"), source="x"), changes=[JANUARY])),
    "still time": Case(at_risk(2, flips_at=at("2026-05-31")), **given(changes=[change("1", "2026-03-02")])),
    "to the last instant": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(changes=[change("1", "2026-02-03 12:00")])),
    "undated": Case(unproven("when it happened is unknown", 2), **given(changes=[change("1", None)])),
    "no chapter": Case(unproven("in scope"), **given() | {"promise_chapters": []}),
    "stale": Case(unproven("stale"), stale=["audits"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
