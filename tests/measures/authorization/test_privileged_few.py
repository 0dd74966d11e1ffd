from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, group, member, person, service, system
from tests.mutants import survivors

MEASURE = "authorization/privileged_few"
NAMES = ("ada", "bob", "cy", "dan", "eve")
LIMIT = {"privileged_limit": 2}


def admin(name: str, **more: Any) -> Made:
    """An administrator's account on the CRM."""
    return account(name, **{"privileged": True, **more})


def given(*accounts: Made, systems: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Accounts beside Ada's, who administers the CRM, in a company of five."""
    return {
        "accounts": [admin("ada"), *accounts],
        "people": [person(name) for name in NAMES],
        "grants": [],
        "groups": [],
        "systems": systems or [system("crm")],
        **more,
    }


TOO_MANY = broken(1, [("crm", "3 to 3 people of at most 2: Ada, Bob, Cy")], "CRM")
PERHAPS = unproven("CRM (2 to 3 people of at most 2: Ada, Bob, ", 1)

CASES = {
    "upheld": Case(upheld(1), **given(admin("bob"), account("cy"))),
    "broken": Case(TOO_MANY, **given(admin("bob"), admin("cy"), account("dan"))),
    "through groups": Case(
        TOO_MANY,
        **given(
            account("bob"),
            account("cy"),
            grants=[member("bob", "admins"), member("cy", "admins"), member("bob", "sales")],
            groups=[group("admins", privileged=True), group("sales")],
        ),
    ),
    "two accounts of one person": Case(
        upheld(1), **given(admin("bob"), admin("bob2", person_ref="E-bob"), admin("bob3", person_ref="E-bob"))
    ),
    "of a large company": Case(
        upheld(1), **given(admin("bob"), admin("cy"), people=[person(f"p{each}") for each in range(27)] + [person(name) for name in NAMES])
    ),
    "of a large company, but too many": Case(
        broken(1, [("crm", "3 to 3 people of at most 2: Ada, Bob, Cy")]),
        parameters=LIMIT,
        **given(admin("bob"), admin("cy"), people=[person(f"p{each}") for each in range(27)] + [person(name) for name in NAMES]),
    ),
    "leavers do not make the company large": Case(
        TOO_MANY,
        **given(
            admin("bob"),
            admin("cy"),
            people=[person(f"p{each}", started_on=None) for each in range(27)] + [person(name) for name in NAMES],
        ),
    ),
    "on two systems": Case(upheld(2), **given(admin("bob"), admin("cy", system_id="wiki"), systems=[system("crm"), system("wiki")])),
    "switched off": Case(upheld(1), **given(admin("bob"), admin("cy", enabled=False))),
    "cannot sign in": Case(upheld(1), **given(admin("bob"), admin("cy", can_sign_in=False))),
    "perhaps switched off": Case(PERHAPS, **given(admin("bob"), admin("cy", enabled=None))),
    "perhaps no way in": Case(PERHAPS, **given(admin("bob"), admin("cy", can_sign_in=None))),
    "perhaps an administrator": Case(PERHAPS, **given(admin("bob"), admin("cy", privileged=None))),
    "nobody's": Case(PERHAPS, **given(admin("bob"), service("sync", privileged=True))),
    "nobody's, and few": Case(upheld(1), **given(service("sync", privileged=True))),
    "nobody's, seen by two sources": Case(
        PERHAPS,
        **given(service("sync", privileged=True), service("sync", source="other", privileged=True))
        | {"accounts": [admin("ada"), admin("bob"), service("sync", privileged=True)]},
    ),
    "another source's account of the same key": Case(
        upheld(1), **given(account("bob"), account("cy", source="other"), admin("bob", source="other"), account("ada", source="other"))
    ),
    "accounts not read": Case(unproven("WIKI (none of its accounts were read)", 3), **given(systems=SYSTEMS)),
    "out of operation": Case(upheld(1), **given(systems=[system("crm"), system("wiki", in_operation=False)])),
    "a system nobody registered": Case(
        broken(2, [("shop", "3 to 3 people of at most 2: Ada, Bob, Cy")]),
        **given(admin("s1", system_id="shop", person_ref="E-ada"), admin("bob", system_id="shop"), admin("cy", system_id="shop")),
    ),
    "nobody administers it": Case(upheld(1), **given(accounts=[account("ada")])),
    "nothing to judge": Case(unproven("0 of 0"), **given(accounts=[], systems=[system("crm", in_operation=False)])),
    "stale": Case(unproven("stale"), stale=["grants"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
