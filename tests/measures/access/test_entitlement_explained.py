from datetime import date
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, grant, group, member, nested, on, person, service
from tests.mutants import survivors

MEASURE = "access/entitlement_explained"
GROUPS = [group("sales"), group("mail"), group("admins", privileged=True)]


def role(name: str, entitlement: str, **more: Any) -> Made:
    """What a business role gives on the CRM."""
    return {"role": name, "system_id": "crm", "entitlement": entitlement, **more}


def request(entitlement: str, until: date | None = None, **more: Any) -> Made:
    """A request of Ada's that was granted."""
    return {
        "id": entitlement,
        "person_id": "E-ada",
        "system_id": "crm",
        "entitlement": entitlement,
        "approved_by": "E-eve",
        "until_on": until,
        **more,
    }


ELSEWHERE = [role("seller", "x", system_id="wiki"), role("*", "x", system_id="wiki")]


def given(*grants: Made, requests: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Rights of Ada, a seller, who has those of her role."""
    return {
        "accounts": [account("ada")],
        "people": [person("ada", role="seller"), person("bob", role="clerk")],
        "groups": GROUPS,
        "grants": [member("ada", "sales"), *grants],
        "role_entitlements": [role("seller", "sales"), role("*", "mail"), role("clerk", "ledger"), *ELSEWHERE],
        "granted_requests": requests or [],
        "systems": SYSTEMS,
        **more,
    }


def unexplained(entitlement: str, way: str = "directly") -> Any:
    """One right that nothing explains, beside one that the role gives."""
    return broken(2, [(f"test/crm/ada/{entitlement}", f"no role and no request of Ada explains it ({way})")], f"ada on CRM: {entitlement}")


def nothing(holder: str, what: str, name: str, way: str = "directly") -> tuple[str, str]:
    """The subject and sentence of a right that nothing explains."""
    return (f"test/crm/{holder}/{what}", f"no role and no request of {name} explains it ({way})")


CASES = {
    "many at once": Case(
        broken(
            15,
            [
                nothing("ada", "admins", "Ada", "sales"),
                nothing("ada", "w", "Ada"),
                nothing("ada", "x", "Ada"),
                ("test/crm/ada/y", "was granted to Ada until 2026-05-03"),
                nothing("ada", "z", "Ada"),
                nothing("bob", "admins", "Bob", "clerks"),
                nothing("bob", "clerks", "Bob"),
                nothing("bob", "sales", "Bob"),
                nothing("sync", "sales", "Ada"),
            ],
            "2 are unknown",
        ),
        **given(
            *(grant("ada", each) for each in ("mail", "w", "x", "y", "z", "v")),
            *(grant("bob", each) for each in ("ledger", "sales")),
            member("bob", "clerks"),
            nested("sales", "admins"),
            nested("clerks", "admins"),
            grant("sync", "sales"),
            grant("off", "x"),
            grant("postgres", "x"),
            grant("zed", "x"),
            grant("dan", "ledger"),
            requests=[
                request("w", person_id="E-bob"),
                request("x", system_id="wiki"),
                request("y", on("2026-05-03")),
                request("z", approved_by=None),
                request("v", on("2026-05-04")),
            ],
            accounts=[
                account("ada"),
                account("bob"),
                account("dan"),
                account("zed"),
                account("off", enabled=False, person_ref="E-ada"),
                service("sync", owner_ref="E-ada"),
                service("postgres", kind="system"),
            ],
            people=[person("ada", role="seller"), person("bob", role="clerk"), person("dan")],
        ),
    ),
    "upheld": Case(upheld(1), **given()),
    "everybody has it": Case(upheld(2), **given(member("ada", "mail"))),
    "broken": Case(unexplained("admins"), **given(member("ada", "admins"))),
    "of another role": Case(unexplained("ledger"), **given(grant("ada", "ledger"))),
    "on another system": Case(unexplained("x"), **given(grant("ada", "x"))),
    "requested": Case(upheld(2), **given(grant("ada", "x"), requests=[request("x")])),
    "requested until": Case(upheld(2, flips_at=at("2026-07-01")), **given(grant("ada", "x"), requests=[request("x", on("2026-06-30"))])),
    "soon over": Case(at_risk(2, flips_at=at("2026-05-05")), **given(grant("ada", "x"), requests=[request("x", on("2026-05-04"))])),
    "over": Case(
        broken(2, [("test/crm/ada/x", "was granted to Ada until 2026-05-03")]),
        **given(grant("ada", "x"), requests=[request("x", on("2026-05-03"))]),
    ),
    "requested twice": Case(
        upheld(2, flips_at=at("2026-09-02")),
        **given(grant("ada", "x"), requests=[request("x", on("2026-05-03")), request("x", on("2026-09-01"), id="2")]),
    ),
    "requested by somebody else": Case(unexplained("x"), **given(grant("ada", "x"), requests=[request("x", person_id="E-bob")])),
    "requested on another system": Case(unexplained("x"), **given(grant("ada", "x"), requests=[request("x", system_id="wiki")])),
    "something else requested": Case(unexplained("x"), **given(grant("ada", "x"), requests=[request("y")])),
    "requested and not approved": Case(unexplained("x"), **given(grant("ada", "x"), requests=[request("x", approved_by=None)])),
    "what a group carries": Case(upheld(1), **given(grant("sales", "table:SELECT:orders", holder_kind="group"))),
    "a group within an administrators' group": Case(unexplained("admins", "sales"), **given(nested("sales", "admins"))),
    "a group within a group of unknown power": Case(
        unexplained("dim", "sales"), **given(nested("sales", "dim", privileged=None), groups=[*GROUPS, group("dim", privileged=None)])
    ),
    "nothing to judge": Case(unproven("0 of 0"), **given(accounts=[])),
    "stale": Case(unproven("stale"), stale=["role_entitlements"], **given()),
    "role not told": Case(unproven("the role of Ada is unknown", 2), **given(grant("ada", "ledger"), people=[person("ada")])),
    "role not told, but no role gives it": Case(
        broken(reason="no role and no request of Ada explains it"), **given(grant("ada", "y"), people=[person("ada")])
    ),
    "role not told, but everybody has it": Case(upheld(1), **given(people=[person("ada")], grants=[member("ada", "mail")])),
    "holder not known": Case(unproven("whose account it is, is unknown", 1), **given(people=[person("bob", role="seller")])),
    "switched off": Case(upheld(1), **given(grant("bob", "x"), accounts=[account("ada"), account("bob", enabled=False)])),
    "perhaps switched off": Case(
        unproven("bob on CRM: x", 2), **given(grant("bob", "x"), accounts=[account("ada"), account("bob", enabled=None)])
    ),
    "brought along by the software": Case(
        upheld(1), **given(grant("postgres", "x"), accounts=[account("ada"), service("postgres", kind="system")])
    ),
    "of unknown kind": Case(upheld(1), **given(accounts=[account("ada", kind=None)])),
    "an administrator's second account": Case(upheld(1), **given(accounts=[account("ada", kind="admin")])),
    "a role explains no program": Case(
        broken(2, [("test/crm/sync/sales", "no role and no request of Ada explains it (directly)")]),
        **given(member("sync", "sales"), accounts=[account("ada"), service("sync", owner_ref="E-ada")]),
    ),
    "a request explains a program": Case(
        upheld(2),
        **given(member("sync", "sales"), accounts=[account("ada"), service("sync", owner_ref="E-ada")], requests=[request("sales")]),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
