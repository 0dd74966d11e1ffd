from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, grant, person
from tests.mutants import survivors

MEASURE = "authorization/review_carried_out"


def item(**more: Any) -> Made:
    said = {"id": "1/1", "review_id": "1", "told_by": "test", "system_id": "crm", "account_id": "ada", "entitlement": "sales"}
    return {**said, "decision": "revoke", "decided_by_id": "E-oda", "decided_at": at("2026-04-20"), **more}


def given(*grants: Made, ada: Made | None = None, **said: Any) -> dict[str, Any]:
    return {
        "accounts": [ada or account("ada"), account("bob"), account("lost", source="other")],
        "people": [person("ada"), person("bob")],
        "systems": SYSTEMS,
        "groups": [],
        "grants": list(grants),
        "review_items": [item(**said), item(id="1/2", account_id="bob", decision="keep")],
    }


def failing(what: str = "ada on crm: sales") -> Any:
    return broken(1, [("test/1/1", "is still there, though it was to go on 2026-04-20")], what)


SALES = grant("ada", "sales")
CASES = {
    "gone": Case(upheld(1), **given()),
    "gone, and there for another": Case(upheld(1), **given(grant("bob", "sales"))),
    "gone, and another is there": Case(upheld(1), **given(grant("ada", "mail"))),
    "gone, and there on another system": Case(upheld(1), **given(grant("ada", "sales", system_id="wiki"))),
    "gone, and there in another source": Case(upheld(1), **given({**SALES, "source": "other"})),
    "left": Case(failing(), **given(SALES)),
    "to go": Case(at_risk(1, flips_at=at("2026-05-06")), **given(SALES, decided_at=at("2026-05-01"))),
    "to go now": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(SALES, decided_at=at("2026-04-29 12:00"))),
    "undated": Case(unproven("when it was decided is unknown", 1), **given(SALES, decided_at=None)),
    "the account is gone": Case(upheld(1), **given({**grant("lost", "sales")}, account_id="lost")),
    "the account is to go": Case(failing("ada on crm"), **given(entitlement="")),
    "the account is switched off": Case(upheld(1, flips_at=None), **given(ada=account("ada", enabled=False), entitlement="")),
    "the account is switched off, its right is not gone": Case(failing(), **given(SALES, ada=account("ada", enabled=False))),
    "the account is perhaps switched off": Case(
        unproven("whether the account is switched off is unknown", 1), **given(ada=account("ada", enabled=None), entitlement="")
    ),
    "the right, of an account that is perhaps switched off": Case(failing(), **given(SALES, ada=account("ada", enabled=None))),
    "the account keeps a right": Case(failing("ada on crm"), **given(SALES, entitlement="")),
    "gone just now": Case(upheld(1, flips_at=None), **given(decided_at=at("2026-05-04"))),
    "none": Case(upheld(0), **{**given(), "review_items": []}),
    "stale": Case(unproven("stale"), stale=["grants"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
