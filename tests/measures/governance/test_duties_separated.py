from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, grant, group, member, nested, person, service
from tests.mutants import survivors

MEASURE = "governance/duties_separated"
RULE = {
    "id": "pay",
    "why": "one person could pay themselves",
    "left_system_id": "crm",
    "left_entitlement": "order",
    "right_system_id": "wiki",
    "right_entitlement": "pay",
}
TWINS = (person("bob", mail="office@example.com"), person("rob", mail="office@example.com"))


def payer(holder: str, **more: Any) -> Made:
    """The right to pay, on the wiki."""
    return grant(holder, "pay", system_id="wiki", **more)


def given(
    *grants: Made, accounts: tuple[Made, ...] = (), people: tuple[Made, ...] = (), rules: tuple[Made, ...] = (RULE,)
) -> dict[str, Any]:
    """Ada may order, Cy may pay."""
    return {
        "accounts": [account("ada"), account("ada-w", person_ref="E-ada", system_id="wiki"), account("cy", system_id="wiki"), *accounts],
        "people": [person("ada"), person("cy"), *people],
        "groups": [group("clerks"), group("payers", system_id="wiki"), group("order"), group("pay", system_id="wiki")],
        "grants": [grant("ada", "order"), payer("cy"), *grants],
        "conflict_rules": list(rules),
        "systems": SYSTEMS,
    }


BOTH = "holds order (ada on CRM, directly) and pay (ada-w on WIKI, directly): one person could pay themselves"

CASES = {
    "broken": Case(broken(3, [("pay/E-ada", BOTH)], "Ada, pay"), **given(payer("ada-w"))),
    "upheld": Case(upheld(3), **given()),
    "through groups": Case(
        broken(3, [("pay/E-ada", BOTH.replace("pay (ada-w on WIKI, directly)", "pay (ada-w on WIKI, payers)"))]),
        **given(member("ada-w", "payers", system_id="wiki"), payer("payers", holder_kind="group"), nested("clerks", "order")),
    ),
    "of one account": Case(
        broken(
            4,
            [("pay2/E-ada", "holds order (ada on CRM, directly) and sign (ada on CRM, directly)")],
        ),
        **given(
            grant("ada", "sign"),
            rules=(
                RULE | {"id": "pay2", "why": None, "right_system_id": "crm", "right_entitlement": "sign"},
                RULE | {"id": "z", "left_entitlement": "sign", "left_system_id": "crm", "right_entitlement": "pay"},
            ),
        )
        | {"grants": [grant("ada", "order"), grant("ada", "sign")]},
    ),
    "the same right on another system": Case(upheld(3), **given(grant("ada", "pay"))),
    "another right": Case(upheld(3), **given(grant("ada-w", "read", system_id="wiki"))),
    "switched off": Case(
        upheld(3), **given(payer("ada-x"), accounts=(account("ada-x", person_ref="E-ada", system_id="wiki", enabled=False),))
    ),
    "perhaps switched off": Case(
        unproven("Ada, pay (may hold order (ada on CRM, directly) and pay (ada-x on WIKI, directly)", 3),
        **given(payer("ada-x"), accounts=(account("ada-x", person_ref="E-ada", system_id="wiki", enabled=None),)),
    ),
    "perhaps switched off, the other side": Case(
        unproven("Cy, pay (may hold", 3),
        **given(grant("cy-x", "order"), accounts=(account("cy-x", person_ref="E-cy", enabled=None),)),
    ),
    "nobody's account": Case(
        unproven("sync on CRM, pay (holds order (sync on CRM, directly)", 4), **given(grant("sync", "order"), accounts=(service("sync"),))
    ),
    "nobody's account with both": Case(
        broken(reason="sync on CRM, pay2"),
        **given(
            grant("sync", "order"),
            grant("sync", "sign"),
            accounts=(service("sync"),),
            rules=(RULE | {"id": "pay2", "right_system_id": "crm", "right_entitlement": "sign"},),
        ),
    ),
    "a right that no system knows": Case(
        unproven("pay (no system knows orders on crm)", 2), **given(rules=(RULE | {"left_entitlement": "orders"},))
    ),
    "one rule of two": Case(
        unproven("1 of 4 rights cannot be judged: other (no system knows orders on crm)", 4),
        **given(rules=(RULE, RULE | {"id": "other", "left_entitlement": "orders", "right_entitlement": "order", "right_system_id": "crm"}))
        | {"grants": [grant("ada", "order")]},
    ),
    "a right that another system knows": Case(
        unproven("pay (no system knows pay on db)", 2), **given(rules=(RULE | {"right_system_id": "db"},))
    ),
    "a list and a register with a rule of one name": Case(upheld(6), **given(rules=(RULE, RULE | {"source": "list"}))),
    "two rules of one name, one broken": Case(
        broken(4, [("list/pay/E-ada", BOTH)]),
        **given(payer("ada-w"), rules=(RULE | {"source": "list"}, RULE | {"left_entitlement": "read", "right_entitlement": "write"}))
        | {"groups": [group(name, system_id=on) for name, on in (("order", "crm"), ("pay", "wiki"), ("read", "crm"), ("write", "wiki"))]},
    ),
    "rights that nobody holds": Case(upheld(1), **given() | {"grants": [grant("cy", "read")]}),
    "no rules": Case(unproven("0 of 0"), **given(rules=())),
    "stale": Case(unproven("stale"), stale=["conflict_rules"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
