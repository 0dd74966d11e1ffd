from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made
from tests.mutants import survivors

MEASURE = "separation/functions_restricted"


def permission(function: str, role: str | None, of: str = "crm") -> Made:
    return {"id": f"{of}/{function}/{role}", "system_id": of, "function": function, "role": role}


def rule(function: str, *roles: str, of: str = "crm") -> Made:
    return {"id": f"{of}/{function}", "system_id": of, "function": function, "roles": list(roles)}


def given(*rules: Made, more: tuple[Made, ...] = ()) -> dict[str, list[Made]]:
    allowed = [permission("read", "clerk"), permission("read", "chief"), permission("export", "chief"), *more]
    return {"application_permissions": allowed, "function_rules": [rule("read", "clerk", "chief"), *rules], "systems": list(SYSTEMS)}


def fault(said: str) -> Any:
    return broken(2, [("crm/export", said)], "export of CRM")


EXPORT = rule("export", "chief", "auditor")
CASES = {
    "upheld": Case(upheld(2), **given(EXPORT)),
    "a stranger": Case(fault("open to clerk, which the matrix does not name"), **given(EXPORT, more=(permission("export", "clerk"),))),
    "two": Case(
        fault("open to boss, clerk, which the matrix does not name"),
        **given(EXPORT, more=(permission("export", "clerk"), permission("export", "boss"))),
    ),
    "not in the matrix": Case(fault("nobody said which roles may reach it"), **given()),
    "open to nobody, and not in the matrix": Case(
        broken(3, [("crm/erase", "nobody said which roles may reach it")]), **given(EXPORT, more=(permission("erase", None),))
    ),
    "of another application": Case(fault("nobody said which roles may reach it"), **given(rule("export", "chief", of="wiki"))),
    "a role of another function": Case(fault("open to chief, which the matrix does not name"), **given(rule("export", "clerk"))),
    "a role of another application": Case(
        fault("open to chief, which the matrix does not name"), **given(rule("export"), rule("export", "chief", of="wiki"))
    ),
    "open to nobody": Case(upheld(3), **given(EXPORT, rule("erase"), more=(permission("erase", None),))),
    "no export": Case(unproven("0 of 0"), application_permissions=[], function_rules=[EXPORT]),
    "stale": Case(unproven("stale"), stale=["application_permissions"], **given(EXPORT)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
