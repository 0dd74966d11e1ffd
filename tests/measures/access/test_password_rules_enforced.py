from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account
from tests.mutants import survivors

MEASURE = "access/password_rules_enforced"


def rule(name: str, **more: Any) -> Made:
    """A set of rules just as strict as the standard."""
    return {
        "id": name,
        "system_id": "crm",
        "name": f"rules {name}",
        "minimum_length": 12,
        "history": 5,
        "quality_checked": True,
        "locks_after": 10,
        "locked_for": timedelta(minutes=10),
        "scheme": "argon2",
        **more,
    }


def fault(said: str, **more: Any) -> Case:
    """Rules with one fault, beside some in order."""
    rules = [rule("standard"), rule("lax", **more)]
    return Case(broken(2, [("test/lax", said)], "rules lax on CRM"), password_rules=rules, accounts=[], systems=SYSTEMS)


def doubt(said: str, **more: Any) -> Case:
    """Rules of which one could not be read, beside some in order."""
    rules = [rule("standard"), rule("dim", **more)]
    return Case(unproven(f"rules dim on CRM (unknown: {said})", 2), password_rules=rules, accounts=[], systems=SYSTEMS)


def under(*accounts: Made, **more: Any) -> dict[str, Any]:
    """Accounts beside one set of rules."""
    return {"password_rules": [rule("standard"), rule("other")], "accounts": list(accounts), "systems": SYSTEMS, **more}


UNDER_NONE = unproven("bob on CRM (unknown: which password rules it is under)", 3)

CASES = {
    "upheld": Case(upheld(2), **under(account("ada"))),
    "nothing to judge": Case(unproven("0 of 0"), password_rules=[], accounts=[], systems=SYSTEMS),
    "stale": Case(unproven("stale"), stale=["password_rules"], **under(account("ada"))),
    "short": fault("passwords may have 11 characters", minimum_length=11),
    "repeated": fault("only 4 former passwords are refused", history=4),
    "guessable": fault("guessable passwords are taken", quality_checked=False),
    "never locks": fault("locks after 0 failures (0: never)", locks_after=0),
    "locks late": fault("locks after 11 failures (0: never)", locks_after=11),
    "locks at once": Case(upheld(1), password_rules=[rule("strict", locks_after=1)], accounts=[], systems=SYSTEMS),
    "locks briefly": fault("locks for too short a time", locked_for=timedelta(minutes=9)),
    "weak": fault("stores passwords as md5", scheme="md5"),
    "two faults": fault("passwords may have 4 characters, stores passwords as cleartext", minimum_length=4, scheme="cleartext"),
    "length not told": doubt("shortest password", minimum_length=None),
    "history not told": doubt("former passwords refused", history=None),
    "quality not told": doubt("whether guessable passwords are refused", quality_checked=None),
    "locking not told": doubt("when it locks", locks_after=None),
    "scheme not told": doubt("how passwords are stored", scheme=None),
    "a fault and a doubt": fault("passwords may have 4 characters", minimum_length=4, scheme=None),
    "locked until somebody unlocks it": Case(upheld(1), password_rules=[rule("strict", locked_for=None)], accounts=[], systems=SYSTEMS),
    "lock time could not be read": Case(
        unproven("for how long it locks", 1),
        denied={"password_rules.locked_for": "no right"},
        password_rules=[rule("dim", locked_for=None)],
        accounts=[],
        systems=SYSTEMS,
    ),
    "something else could not be read": Case(
        upheld(1),
        denied={"password_rules.name": "no right", "accounts.mail": "no right"},
        password_rules=[rule("strict", locked_for=None)],
        accounts=[],
        systems=SYSTEMS,
    ),
    "lock time of something else could not be read": Case(
        broken(1, [("test/lax", "locks for too short a time")]),
        denied={"password_rules.locked_for": "no right"},
        password_rules=[rule("lax", locked_for=timedelta(seconds=5))],
        accounts=[],
        systems=SYSTEMS,
    ),
    "under no rules": Case(UNDER_NONE, **under(account("bob", password_rule_id=None))),
    "under rules nobody knows": Case(UNDER_NONE, **under(account("bob", password_rule_id="gone"))),
    "under another source's rules": Case(UNDER_NONE, **under(account("bob", source="other"))),
    "perhaps with a password": Case(UNDER_NONE, **under(account("bob", password_rule_id=None, password_scheme=None))),
    "perhaps switched off": Case(UNDER_NONE, **under(account("bob", password_rule_id=None, enabled=None))),
    "switched off": Case(upheld(2), **under(account("bob", password_rule_id=None, enabled=False))),
    "cannot sign in": Case(upheld(2), **under(account("bob", password_rule_id=None, can_sign_in=False))),
    "without a password": Case(upheld(2), **under(account("bob", password_rule_id=None, password_scheme="none"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
