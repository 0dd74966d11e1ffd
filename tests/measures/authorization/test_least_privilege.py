from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.authorization.asked import gives
from tests.measures.made import SYSTEMS, Made, account, at, grant, group, nested, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/least_privilege"


def used(name: str, entitlement: str, when: str | None = "2026-04-01", **more: Any) -> Made:
    return grant(name, entitlement, last_used_at=when and at(when), **more)


def asked(entitlement: str, **more: Any) -> Made:
    said = {"id": entitlement, "person_id": "E-ada", "system_id": "crm", "entitlement": entitlement, "approved_by": "E-eve"}
    return {**said, "approved_at": at("2026-01-01"), **more}


def given(*grants: Made, requests: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Ada, a seller, who sells."""
    return {
        "accounts": [account("ada"), account("bob")],
        "people": [person("ada", role="seller"), person("bob", role="clerk"), person("zed")],
        "systems": SYSTEMS,
        "groups": [group("staff"), group("x")],
        "grants": [used("ada", "sales"), *grants],
        "role_entitlements": [
            gives("seller", "sales"),
            gives("*", "mail"),
            gives("clerk", "books"),
            gives("seller", "x", system_id="wiki"),
            gives("*", "x", system_id="wiki"),
        ],
        "granted_requests": requests or [],
        **more,
    }


def failing(detail: str, entitlement: str = "x") -> Any:
    return broken(2, [(f"test/crm/ada/{entitlement}", detail)], f"ada on CRM: {entitlement}")


BEYOND = failing("is beyond the role of Ada, and no request runs")
X = used("ada", "x")
CASES = {
    "needed": Case(upheld(1, flips_at=at("2026-09-28")), **given()),
    "of everybody": Case(upheld(2), **given(used("ada", "mail"))),
    "beyond": Case(BEYOND, **given(X)),
    "of another role": Case(failing("is beyond the role of Ada, and no request runs", "books"), **given(used("ada", "books"))),
    "requested": Case(upheld(2), **given(X, requests=[asked("x")])),
    "requested until July": Case(upheld(2, flips_at=at("2026-07-01")), **given(X, requests=[asked("x", until_on=on("2026-06-30"))])),
    "requested until today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(X, requests=[asked("x", until_on=on("2026-05-04"))])),
    "of the role, and once requested": Case(
        upheld(1, flips_at=at("2026-09-28")), **given(requests=[asked("sales", until_on=on("2026-05-03"))])
    ),
    "of the role, and requested until tomorrow": Case(
        upheld(1, flips_at=at("2026-09-28")), **given(requests=[asked("sales", until_on=on("2026-05-05"))])
    ),
    "run out": Case(BEYOND, **given(X, requests=[asked("x", until_on=on("2026-05-03"))])),
    "not approved": Case(BEYOND, **given(X, requests=[asked("x", approved_by=None)])),
    "requested by another": Case(BEYOND, **given(X, requests=[asked("x", person_id="E-bob")])),
    "requested elsewhere": Case(BEYOND, **given(X, requests=[asked("x", system_id="wiki")])),
    "something else requested": Case(BEYOND, **given(X, requests=[asked("y")])),
    "unused": Case(failing("last used on 2025-10-01", "mail"), **given(used("ada", "mail", "2025-10-01"))),
    "unused to the minute": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(used("ada", "mail", "2025-11-05 12:00"))),
    "given lately": Case(upheld(2), **given(used("ada", "mail", None, granted_at=at("2026-04-01")))),
    "given long ago, use not told": Case(
        unproven("when it was last used is unknown", 2), **given(used("ada", "mail", None, granted_at=at("2025-04-01")))
    ),
    "first seen lately": Case(upheld(2), **given(used("ada", "mail", None))),
    "first seen long ago": Case(
        unproven("when it was last used is unknown", 2), **given(used("ada", "mail", None, seen_from_at=at("2025-01-01")))
    ),
    "another was first seen long ago": Case(
        upheld(3), **given(used("ada", "mail", None), used("bob", "mail", seen_from_at=at("2025-01-01")))
    ),
    "a group of her name holds it long": Case(
        upheld(2),
        **given(used("ada", "mail", None), grant("ada", "mail", id="g", holder_kind="group", seen_from_at=at("2025-01-01"))),
    ),
    "role not told": Case(
        unproven("the role of Zed is unknown", 2), **given(used("zed", "books"), accounts=[account("ada"), account("zed")])
    ),
    "role not told, requested until yesterday": Case(
        unproven("the role of Zed is unknown", 2),
        **given(
            used("zed", "books"),
            accounts=[account("ada"), account("zed")],
            requests=[asked("books", person_id="E-zed", until_on=on("2026-05-03"))],
        ),
    ),
    "role not told, requested": Case(
        upheld(2), **given(used("zed", "books"), accounts=[account("ada"), account("zed")], requests=[asked("books", person_id="E-zed")])
    ),
    "role not told, everybody has it": Case(upheld(2), **given(used("zed", "mail"), accounts=[account("ada"), account("zed")])),
    "role not told, none gives it": Case(
        broken(2, [("test/crm/zed/y", "is beyond the role of Zed, and no request runs")]),
        **given(used("zed", "y"), accounts=[account("ada"), account("zed")]),
    ),
    "nobody's": Case(
        unproven("whose account it is", 2), **given(used("lost", "x"), accounts=[account("ada"), account("lost", person_ref=None)])
    ),
    "through a group": Case(
        broken(2, [("test/crm/ada/staff", "is beyond the role of Ada, and no request runs")]),
        **given(nested("staff", "x"), {**used("ada", "staff"), "group_id": "staff"}),
    ),
    "a program": Case(upheld(1), **given(used("sync", "x"), accounts=[account("ada"), service("sync", owner_ref="E-ada")])),
    "the system's own": Case(
        upheld(1), **given(used("sync", "x"), accounts=[account("ada"), service("sync", kind="system", owner_ref="E-ada")])
    ),
    "of unknown kind": Case(BEYOND, **given(X, accounts=[account("ada", kind=None)])),
    "switched off": Case(upheld(1), **given(used("bob", "x"), accounts=[account("ada"), account("bob", enabled=False)])),
    "perhaps switched off": Case(unproven("", 2), **given(used("bob", "x"), accounts=[account("ada"), account("bob", enabled=None)])),
    "stale": Case(unproven("stale"), stale=["grants"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
