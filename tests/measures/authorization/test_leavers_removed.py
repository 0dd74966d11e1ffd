from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, group, member, nested, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/leavers_removed"
LEFT = person("bob", ended_on=on("2026-04-01"))
OFF = account("bob", enabled=False)


def given(*accounts: Made, people: tuple[Made, ...] = (LEFT,), grants: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Accounts of people of whom Ada works here."""
    return {
        "accounts": [account("ada"), *accounts],
        "people": [person("ada"), *people],
        "grants": list(grants),
        "groups": [group("sales"), group("mail")],
        "systems": SYSTEMS,
        **more,
    }


def token(name: str, **more: Any) -> Made:
    """A token that works for Bob."""
    return {"id": name, "system_id": "crm", "account_id": "bob", "active": True, **more}


def badge(name: str, **more: Any) -> Made:
    """Bob's right to enter the laboratory."""
    return {"id": name, "person_id": "E-bob", "zone_id": "lab", "authorised_by": "E-ada", **more}


CASES = {
    "many at once": Case(
        broken(
            7,
            [
                ("test/account/bob", "the account of Bob is in use; last day 2026-04-01"),
                ("test/grant/crm/bob/sales", "the right sales of Bob is in use; last day 2026-04-01"),
                ("test/token/t1", "a token of Bob is in use; last day 2026-04-01"),
                ("test/zone/1", "the way in of Bob is in use; last day 2026-04-01"),
            ],
            "bob on CRM",
        ),
        **given(
            account("bob"),
            grants=(member("bob", "sales"), member("ada", "sales"), nested("sales", "mail")),
            api_tokens=[
                token("t1"),
                token("t2", active=False),
                token("t3", expires_at=at("2026-05-04 12:00")),
                token("t4", account_id="ada"),
            ],
            zone_authorisations=[badge("1"), badge("2", until_on=on("2026-05-03")), badge("3", person_id="E-ada")],
        ),
    ),
    "upheld": Case(upheld(1), **given(OFF)),
    "nothing is left": Case(upheld(1), **given()),
    "an account in use": Case(
        broken(1, [("test/account/bob", "the account of Bob is in use; last day 2026-04-01")]), **given(account("bob"))
    ),
    "a right on an account that is switched off": Case(
        broken(2, [("test/grant/crm/bob/sales", "the right sales of Bob is in use; last day 2026-04-01")]),
        **given(OFF, grants=(member("bob", "sales"),)),
    ),
    "a badge until today": Case(
        broken(2, [("test/zone/1", "the way in of Bob is in use; last day 2026-04-01")]),
        **given(OFF, zone_authorisations=[badge("1", until_on=on("2026-05-04"))]),
    ),
    "a token that runs on": Case(
        broken(2, [("test/token/t1", "a token of Bob is in use; last day 2026-04-01")]),
        **given(OFF, api_tokens=[token("t1", expires_at=at("2026-05-05"))]),
    ),
    "nobody leaves": Case(upheld(0), **given(people=())),
    "left within the window": Case(
        at_risk(1, flips_at=at("2026-05-05")), **given(account("bob"), people=(person("bob", ended_on=on("2026-05-03")),))
    ),
    "left at the end of the window": Case(
        broken(1, [("test/account/bob", "the account of Bob is in use; last day 2026-05-02")]),
        **given(account("bob"), people=(person("bob", ended_on=on("2026-05-02")),)),
    ),
    "will leave": Case(upheld(1, flips_at=at("2026-07-02")), **given(account("bob"), people=(person("bob", ended_on=on("2026-06-30")),))),
    "will leave, and is out already": Case(upheld(1), **given(OFF, people=(person("bob", ended_on=on("2026-05-05")),))),
    "will leave, perhaps still in": Case(
        at_risk(1, flips_at=at("2026-05-07")), **given(account("bob", enabled=None), people=(person("bob", ended_on=on("2026-05-05")),))
    ),
    "perhaps in use": Case(unproven("bob on CRM (the account of Bob; last day 2026-04-01)", 1), **given(account("bob", enabled=None))),
    "came back": Case(upheld(0), **given(account("bob"), people=(LEFT, person("bob", id="E-9", started_on=on("2026-04-20"))))),
    "two people of one name": Case(
        broken(1, [("test/account/bob", "the account of Bob is in use; last day 2026-04-01")]),
        **given(account("bob"), people=(LEFT, person("bob", id="E-9", mail="bob2@example.com"))),
    ),
    "a program of a leaver": Case(upheld(1), **given(service("sync", owner_ref="E-bob"))),
    "dropped from the list": Case(
        broken(1, [("test/account/bob", "the account of Bob is in use; last day 2026-03-01")]),
        **given(account("bob"), people=()),
        history={"people": [person("bob", seen_from_at=at("2026-01-01"), seen_until_at=at("2026-03-01"), ended="vanished")]},
    ),
    "perhaps a leaver's": Case(
        unproven("bob on CRM (the account could be that of any of Bob, Rob; last day 2026-04-01)", 2),
        **given(
            account("bob", person_ref="office@example.com"),
            people=(person("bob", mail="office@example.com", ended_on=on("2026-04-01")), person("rob", mail="office@example.com")),
        ),
    ),
    "perhaps a leaver's, perhaps in use": Case(
        unproven("could be that of any", 2),
        **given(
            account("bob", person_ref="office@example.com", enabled=None),
            people=(person("bob", mail="office@example.com", ended_on=on("2026-04-01")), person("rob", mail="office@example.com")),
        ),
    ),
    "perhaps a leaver's, and switched off": Case(
        upheld(2),
        **given(
            account("bob", person_ref="office@example.com", enabled=False),
            people=(person("bob", mail="office@example.com", ended_on=on("2026-04-01")), person("rob", mail="office@example.com")),
        ),
    ),
    "of two who stay": Case(
        upheld(1),
        **given(
            account("bob", person_ref="office@example.com"),
            people=(
                LEFT | {"id": "E-x", "name": "Xan", "mail": "x@example.com"},
                person("bob", mail="office@example.com"),
                person("rob", mail="office@example.com"),
            ),
        ),
    ),
    "nobody is asked": Case(unproven("No source fills people"), accounts=[account("ada")], grants=[], groups=[]),
    "the list does not tell who leaves": Case(
        unproven("test (it does not tell when engagements end)", 1), denied={"people.ended_on": "not a column"}, **given(people=())
    ),
    "the list does not tell something else": Case(upheld(0), denied={"people.mail": "not a column"}, **given(people=())),
    "stale": Case(unproven("stale"), stale=["people"], **given(OFF)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
