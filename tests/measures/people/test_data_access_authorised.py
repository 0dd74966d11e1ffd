from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, account, at, grant, group, nested, on, person, service, system
from tests.mutants import survivors

MEASURE = "people/data_access_authorised"


def authorised(name: str, when: str = "2022-01-01", **more: Any) -> Made:
    given_at = at(when)
    said = {"id": f"z-{name}-{when}", "person_id": f"E-{name}", "system_id": "crm", "categories": ["customers"], "given_by_id": "E-lea"}
    return {**said, "given_at": given_at, "from_on": given_at.date(), **more}


def granted(name: str, when: str | None = "2023-01-01", **more: Any) -> Made:
    return grant(name, "read", granted_at=when and at(when), **more)


def given(*extra: Made, bob: Made | None = None, right: Made | None = None, crm: Made | None = None, **more: Any) -> dict[str, Any]:
    """Ada may read the CRM since 2023, and was authorised in 2022. So may Bob, with the authorisations given."""
    return {
        "people": [person("ada"), person("bob")],
        "systems": [crm or system("crm", holds_personal_data=True), system("wiki", holds_personal_data=False)],
        "accounts": [account("ada"), bob or account("bob")],
        "grants": [granted("ada"), right or granted("bob")],
        "groups": [],
        "data_authorisations": [authorised("ada"), *extra],
        **more,
    }


WITHOUT = broken(2, [("test/bob", "nobody authorised it in writing")], "bob")
LATE = broken(2, [("test/bob", "authorised on 2023-02-01, after it was granted")])
UNDATED = granted("bob", None)

CASES = {
    "upheld": Case(upheld(2), **given(authorised("bob", "2023-01-01"))),
    "granted first, authorised later": Case(LATE, **given(authorised("bob", "2023-02-01"))),
    "not authorised": Case(WITHOUT, **given()),
    "for another system": Case(WITHOUT, **given(authorised("bob", system_id="wiki"))),
    "somebody else is": Case(WITHOUT, **given(authorised("eve"))),
    "no longer": Case(WITHOUT, **given(authorised("bob", until_on=on("2026-05-03")))),
    "until tomorrow": Case(at_risk(2, flips_at=at("2026-05-06")), **given(authorised("bob", until_on=on("2026-05-05")))),
    "until today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(authorised("bob", until_on=on("2026-05-04")))),
    "until tomorrow, and for ever": Case(
        upheld(2, flips_at=None), **given(authorised("bob", until_on=on("2026-05-05")), authorised("bob", "2022-02-01"))
    ),
    "from tomorrow": Case(WITHOUT, **given(authorised("bob", from_on=on("2026-05-05")))),
    "before there was an account": Case(upheld(2), **given(authorised("bob", "2020-01-01"), right=UNDATED)),
    "as the account was made": Case(upheld(2), **given(authorised("bob", "2021-01-01"), right=UNDATED)),
    "granted nobody knows when": Case(
        unproven("when it was granted is unknown", 2), **given(authorised("bob", "2022-01-01"), right=UNDATED)
    ),
    "granted nobody knows when, and seen before": Case(
        broken(2, [("test/bob", "authorised on 2022-06-01, after it was granted")]),
        **given(authorised("bob", "2022-06-01"), right=granted("bob", None, seen_from_at=at("2022-01-01"))),
    ),
    "one of two nobody knows when": Case(
        unproven("when it was granted is unknown", 2),
        **given(authorised("bob"), grants=[granted("ada"), granted("bob"), grant("bob", "write")]),
    ),
    "authorised nobody knows when": Case(unproven("bob", 2), **given(authorised("bob", given_at=None))),
    "a group of the same name": Case(
        unproven("when it was granted is unknown", 2),
        **given(
            authorised("bob", "2022-06-01"),
            grants=[granted("ada"), UNDATED, nested("bob", "staff", seen_from_at=at("2020-01-01"))],
            groups=[group("bob"), group("staff")],
        ),
    ),
    "a program": Case(upheld(1), **given(bob=service("bob", owner_ref="E-bob"))),
    "a system's own": Case(upheld(1), **given(bob=service("bob", kind="system", owner_ref="E-bob"))),
    "of nobody known": Case(unproven("whose account it is is unknown", 2), **given(bob=account("bob", person_ref=None))),
    "found by mail": Case(upheld(2), **given(authorised("bob"), bob=account("bob", person_ref=None, mail="bob@example.com"))),
    "without entitlement": Case(upheld(1), **given(grants=[granted("ada")])),
    "on a system without personal data": Case(
        upheld(1), **given(bob=account("bob", system_id="wiki"), right=granted("bob", system_id="wiki"))
    ),
    "on a system that does not tell": Case(
        unproven("bob", 2),
        **given(
            bob=account("bob", system_id="db"),
            right=granted("bob", system_id="db"),
            systems=[system("crm", holds_personal_data=True), system("db", holds_personal_data=None)],
        ),
    ),
    "nothing": Case(unproven("0 of 0"), **{**given(), "accounts": [], "grants": []}),
    "stale": Case(unproven("stale"), stale=["data_authorisations"], **given(authorised("bob"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
