from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.authorization.asked import asked, gives
from tests.measures.made import SYSTEMS, Made, account, at, grant, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/grant_approved"


def began(name: str, entitlement: str, when: str = "2026-03-01", until: str | None = None, **more: Any) -> Made:
    """A right that was seen from a day on, and is there still unless it ended."""
    times = {"seen_from_at": at(when), "seen_until_at": until and at(until), "ended": "vanished" if until else None}
    return {**grant(name, entitlement), **times, **more}


def changed(**more: Any) -> list[Made]:
    """A right that was seen with other values until two weeks later."""
    return [{**began("ada", "x", until="2026-03-15", **more), "ended": "changed"}, began("ada", "x", "2026-03-15", **more)]


def role(name: str, entitlement: str, when: str = "2025-01-01", until: str | None = None, **more: Any) -> Made:
    return {
        **gives(name, entitlement),
        "seen_from_at": at(when),
        "seen_until_at": until and at(until),
        "ended": until and "vanished",
        **more,
    }


def given(*grants: Made, requests: list[Made] | None = None, roles: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Ada, a seller, who has sold since January; the right to is her role's."""
    return {
        "accounts": [account("ada"), account("bob"), account("zed", person_ref="E-zed")],
        "people": [person("ada", role="seller"), person("bob", role="clerk"), person("zed")],
        "systems": SYSTEMS,
        "history": {
            "grants": [began("ada", "sales", "2026-01-01"), *grants],
            "role_entitlements": [role("seller", "sales"), role("*", "mail"), role("clerk", "books"), *(roles or [])],
        },
        "access_requests": requests or [],
        "granted_requests": [],
        **more,
    }


def old(entitlement: str, **more: Any) -> Made:
    """A request as the access model's file has it."""
    said = {"id": entitlement, "person_id": "E-ada", "system_id": "crm", "entitlement": entitlement, "approved_by": "E-eve"}
    return {**said, "approved_at": at("2026-02-01"), **more}


def failing(entitlement: str = "x", when: str = "2026-03-01", place: str = "") -> Any:
    return broken(2, [(f"test/ada/{entitlement}{place}", f"began on {when} with no approval for Ada")], f"ada on CRM: {entitlement}")


X = began("ada", "x")
SINCE_JANUARY = {**X, "granted_at": at("2026-01-15")}
CASES = {
    "of the role": Case(upheld(1), **given()),
    "of everybody": Case(upheld(2), **given(began("ada", "mail"))),
    "what every account has": Case(upheld(1), **given({**began("ada", "books"), "inherent": True})),
    "what was given, as the system says": Case(failing("books"), **given({**began("ada", "books"), "inherent": False})),
    "of another role": Case(failing("books"), **given(began("ada", "books"))),
    "the role gives it on another system": Case(failing(), **given(X, roles=[role("seller", "x", system_id="wiki")])),
    "the role gives something else": Case(failing(), **given(X, roles=[role("seller", "y")])),
    "the role gave it later": Case(failing(), **given(X, roles=[role("seller", "x", "2026-03-03")])),
    "the role was read a day later": Case(upheld(2), **given(X, roles=[role("seller", "x", "2026-03-02")])),
    "the role gave it no more": Case(failing(), **given(X, roles=[role("seller", "x", until="2026-03-01")])),
    "the role gave it then": Case(upheld(2), **given(X, roles=[role("seller", "x", until="2026-03-02")])),
    "nobody asked": Case(failing(), **given(X)),
    "approved before": Case(upheld(2), **given(X, requests=[asked("ada", "x")])),
    "approved as it began": Case(upheld(2), **given(X, requests=[asked("ada", "x", approved_at=at("2026-03-01"))])),
    "approved after": Case(failing(), **given(X, requests=[asked("ada", "x", approved_at=at("2026-03-02"))])),
    "not approved": Case(failing(), **given(X, requests=[asked("ada", "x", approved_at=None)])),
    "approved for somebody else": Case(failing(), **given(X, requests=[asked("bob", "x")])),
    "approved elsewhere": Case(failing(), **given(X, requests=[asked("ada", "x", system_id="wiki")])),
    "something else approved": Case(failing(), **given(X, requests=[asked("ada", "y")])),
    "approved until the day": Case(upheld(2), **given(X, requests=[asked("ada", "x", until_on=on("2026-03-01"))])),
    "approved until the day before": Case(failing(), **given(X, requests=[asked("ada", "x", until_on=on("2026-02-28"))])),
    "ended before": Case(failing(), **given(X, requests=[asked("ada", "x", ended_at=at("2026-03-01"))])),
    "ended after": Case(upheld(2), **given(X, requests=[asked("ada", "x", ended_at=at("2026-03-02"))])),
    "of the file": Case(upheld(2), **given(X, granted_requests=[old("x")])),
    "of the file, for somebody else": Case(failing(), **given(X, granted_requests=[old("x", person_id="E-bob")])),
    "of the file, not approved": Case(failing(), **given(X, granted_requests=[old("x", approved_by=None)])),
    "given earlier than seen": Case(
        failing(when="2026-01-15"),
        **given(SINCE_JANUARY, requests=[asked("ada", "x", approved_at=at("2026-02-01"))]),
    ),
    "gone again": Case(failing(), **given(began("ada", "x", until="2026-03-05"))),
    "gone for a year": Case(upheld(1), **given(began("ada", "x", "2025-01-01", until="2025-05-01"))),
    "gone for a year to the day": Case(failing(when="2025-01-01"), **given(began("ada", "x", "2025-01-01", until="2025-05-04 12:00"))),
    "begun anew": Case(
        broken(3, [("test/ada/x/2", "began on 2026-04-01 with no approval for Ada")]),
        **given(
            began("ada", "x", until="2026-03-15"),
            began("ada", "x", "2026-04-01"),
            requests=[asked("ada", "x", until_on=on("2026-03-15"))],
        ),
    ),
    "changed, not begun anew": Case(
        upheld(2),
        **given(
            *changed(),
            requests=[asked("ada", "x", until_on=on("2026-03-10"))],
        ),
    ),
    "deleted and begun anew": Case(
        broken(3, [("test/ada/x/2", "began on 2026-04-01 with no approval for Ada")]),
        **given(
            {**began("ada", "x", until="2026-03-15"), "ended": "deleted"},
            began("ada", "x", "2026-04-01"),
            requests=[asked("ada", "x", until_on=on("2026-03-15"))],
        ),
    ),
    "nobody's": Case(
        unproven("whose account it is, is unknown", 2),
        **given(X | {"holder_id": "lost"}, accounts=[account("ada"), account("lost", person_ref=None)]),
    ),
    "role not told": Case(unproven("the role of Zed is unknown", 2), **given(began("zed", "books"))),
    "role not told, and none gave it": Case(
        broken(2, [("test/zed/x", "began on 2026-03-01 with no approval for Zed")]), **given(began("zed", "x"))
    ),
    "a program": Case(
        broken(2, [("test/sync/sales", "began on 2026-03-01 with no approval for Ada")]),
        **given(began("sync", "sales"), accounts=[account("ada"), service("sync", owner_ref="E-ada")]),
    ),
    "a second account": Case(
        upheld(2), **given(began("adm", "sales"), accounts=[account("ada"), account("adm", kind="admin", person_ref="E-ada")])
    ),
    "of unknown kind": Case(upheld(1), **given(accounts=[account("ada", kind=None)])),
    "the system's own": Case(upheld(1), **given(began("sync", "x"), accounts=[account("ada"), service("sync", kind="system")])),
    "of a group": Case(upheld(1), **given({**X, "holder_kind": "group"})),
    "of a group, and changed": Case(upheld(1), **given(*changed(holder_kind="group"))),
    "what every account has, and changed": Case(upheld(1), **given(*changed(inherent=True))),
    "another source saw one of that name change": Case(failing(), **given(X, *changed(source="other")[:1])),
    "nothing": Case(unproven("0 of 0"), **given(accounts=[])),
    "stale": Case(unproven("stale"), stale=["grants"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    # What never changed could be put in order with the rest: that it need not be spares the time.
    assert survivors(MEASURE, CASES, ["deleted: NOT seen_until_at IS NULL"]) == []
