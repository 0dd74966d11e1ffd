from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, account, at, grant, system
from tests.mutants import survivors

MEASURE = "authorization/review_current"


def review(**more: Any) -> Made:
    said = {"id": "1", "kind": "system", "system_id": "crm", "opened_at": at("2026-02-01"), "finished_at": at("2026-02-10")}
    return {**said, "items": 1, "undecided": 0, "as_frozen": True, **more}


def item(**more: Any) -> Made:
    said = {"id": "1/1", "review_id": "1", "told_by": "test", "system_id": "crm", "account_id": "ada", "entitlement": "sales"}
    return {**said, "decision": "keep", **more}


def right(name: str = "ada", entitlement: str = "sales", begun: str = "2025-01-01", **more: Any) -> Made:
    return {**grant(name, entitlement), "seen_from_at": at(begun), "seen_until_at": None, "ended": None, **more}


def bobs(begun: str = "2025-01-01", until: str = "", **more: Any) -> Made:
    ended = {"seen_until_at": at(until), "ended": "changed"} if until else {"seen_until_at": None, "ended": None}
    return {**account("bob"), "seen_from_at": at(begun), **ended, **more}


def given(
    *rights: Made, reviewed: list[Made] | None = None, items: list[Made] | None = None, accounts: list[Made] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "systems": [system("crm")],
        "access_reviews": [review()] if reviewed is None else reviewed,
        "review_items": [item()] if items is None else items,
        "history": {"grants": [right(), *rights], "accounts": [bobs()] if accounts is None else accounts},
        **more,
    }


def failing(detail: str) -> Any:
    return broken(1, [("test/crm", detail)], "CRM")


NEVER = failing("its rights were never reviewed")
LEFT_OUT = failing("its last review left out or left open 1 rights")
OK = upheld(1, flips_at=at("2026-08-10"))
CASES = {
    "reviewed": Case(OK, **given()),
    "never": Case(NEVER, **given(reviewed=[])),
    "running": Case(NEVER, **given(reviewed=[review(finished_at=None)])),
    "of another system": Case(NEVER, **given(reviewed=[review(system_id="wiki")])),
    "of another kind": Case(NEVER, **given(reviewed=[review(kind="unused")])),
    "late": Case(
        failing("last reviewed on 2025-11-01"), **given(reviewed=[review(opened_at=at("2025-10-01"), finished_at=at("2025-11-01"))])
    ),
    "due now": Case(
        at_risk(1, flips_at=at("2026-05-04 12:00")),
        **given(reviewed=[review(opened_at=at("2025-10-01"), finished_at=at("2025-11-04 12:00"))]),
    ),
    "reviewed before, and again": Case(OK, **given(reviewed=[review(id="0", undecided=3, finished_at=at("2026-01-01")), review()])),
    "a right left out": Case(LEFT_OUT, **given(right("bob"))),
    "another right of hers left out": Case(LEFT_OUT, **given(right(entitlement="x"))),
    "one of another source left out": Case(LEFT_OUT, **given(right(source="other"))),
    "one that was in another review": Case(
        LEFT_OUT, **given(right("bob"), items=[item(), item(id="2/1", review_id="2", account_id="bob")])
    ),
    "what every account has": Case(OK, **given(right("bob", inherent=True))),
    "what was given to him": Case(LEFT_OUT, **given(right("bob", inherent=False))),
    "of an account that was off": Case(OK, **given(right("bob"), accounts=[bobs(enabled=False)])),
    "of the system's own": Case(OK, **given(right("bob"), accounts=[bobs(kind="system")])),
    "of an account that may have been off": Case(LEFT_OUT, **given(right("bob"), accounts=[bobs(enabled=None)])),
    "of one that went off later": Case(LEFT_OUT, **given(right("bob"), accounts=[bobs("2026-02-02", enabled=False)])),
    "of one that went off as it opened": Case(OK, **given(right("bob"), accounts=[bobs("2026-02-01", enabled=False)])),
    "of one that was off until then": Case(LEFT_OUT, **given(right("bob"), accounts=[bobs(until="2026-02-01", enabled=False)])),
    "of another's account that was off": Case(LEFT_OUT, **given(right("bob"), accounts=[bobs(enabled=False, id="x")])),
    "of another source's account that was off": Case(LEFT_OUT, **given(right("bob"), accounts=[bobs(enabled=False, source="x")])),
    "given later": Case(OK, **given(right("bob", begun="2026-02-02"))),
    "given as it opened": Case(LEFT_OUT, **given(right("bob", begun="2026-02-01"))),
    "gone as it opened": Case(OK, **given(right("bob", seen_until_at=at("2026-02-01"), ended="vanished"))),
    "gone later": Case(LEFT_OUT, **given(right("bob", seen_until_at=at("2026-02-02"), ended="vanished"))),
    "of a group": Case(OK, **given(right("staff", holder_kind="group"))),
    "on another system": Case(OK, **given(right("bob", system_id="wiki"))),
    "left open": Case(failing("its last review left out or left open some rights"), **given(reviewed=[review(undecided=1)])),
    "altered": Case(failing("what its last review covers was changed afterwards"), **given(reviewed=[review(as_frozen=False)])),
    "how much is open is not told": Case(unproven("how complete its last review was", 1), **given(reviewed=[review(undecided=None)])),
    "whether it was altered is not told": Case(unproven("how complete its last review was", 1), **given(reviewed=[review(as_frozen=None)])),
    "perhaps in operation": Case(unproven("", 1), **given(reviewed=[], systems=[system("crm", in_operation=None)])),
    "out of operation": Case(unproven("0 of 0"), **given(reviewed=[], systems=[system("crm", in_operation=False)])),
    "stale": Case(unproven("stale"), stale=["access_reviews"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
