from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.authorization.asked import gives
from tests.measures.made import SYSTEMS, Made, account, at, grant, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/authorisation_record_complete"


def asked(entitlement: str = "x", **more: Any) -> Made:
    said = {"id": "7", "person_id": "E-bob", "system_id": "crm", "entitlement": entitlement, "approved_by": "E-eve"}
    return {**said, "approved_at": at("2026-01-01"), **more}


def zone(**more: Any) -> Made:
    return {"id": "3", "person_id": "E-ada", "zone_id": "vault", "from_on": on("2026-01-01"), **more}


def given(*requests: Made, accounts: list[Made] | None = None, zones: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Ada's role gives her something on the CRM; Bob has an account where he was granted something."""
    return {
        "accounts": [account("ada"), *(accounts or [])],
        "people": [person("ada", role="seller"), person("bob", role="clerk"), person("zed"), person("old", ended_on=on("2026-01-01"))],
        "systems": SYSTEMS,
        "groups": [],
        "grants": [grant("bob", "x"), grant("ada", "y")],
        "role_entitlements": [gives("seller", "sales"), gives("clerk", "books", system_id="wiki")],
        "granted_requests": list(requests),
        "zone_authorisations": zones or [],
        **more,
    }


def failing(detail: str, subject: str = "test/account/bob", population: int = 2) -> Any:
    return broken(population, [(subject, detail)])


BOB = [account("bob")]
UNRECORDED = failing("the record authorises nobody for it")
MISSING = failing("the record shows it, and it is not there", "test/request/7")
CASES = {
    "of the role": Case(upheld(1), **given()),
    "of everybody": Case(upheld(2), **given(accounts=BOB, role_entitlements=[gives("*", "mail"), gives("seller", "sales")])),
    "not in the record": Case(UNRECORDED, **given(accounts=BOB)),
    "granted": Case(upheld(3, flips_at=None), **given(asked(), accounts=BOB)),
    "granted until July": Case(upheld(3, flips_at=at("2026-07-01")), **given(asked(until_on=on("2026-06-30")), accounts=BOB)),
    "granted until today": Case(at_risk(3, flips_at=at("2026-05-05")), **given(asked(until_on=on("2026-05-04")), accounts=BOB)),
    "ran out": Case(UNRECORDED, **given(asked(until_on=on("2026-05-03")), accounts=BOB)),
    "not approved": Case(UNRECORDED, **given(asked(approved_by=None), accounts=BOB)),
    "granted to somebody else": Case(
        broken(3, [("test/account/bob", "the record authorises nobody for it")]), **given(asked("y", person_id="E-ada"), accounts=BOB)
    ),
    "granted elsewhere": Case(
        broken(3, [("test/account/bob", "the record authorises nobody for it")]),
        **given(asked(system_id="db"), accounts=BOB),
    ),
    "of the role, granted until July": Case(upheld(2, flips_at=None), **given(asked("y", person_id="E-ada", until_on=on("2026-06-30")))),
    "the record shows what is not there": Case(MISSING, **given(asked("z", person_id="E-ada"))),
    "somebody else has it": Case(
        broken(3, [("test/request/7", "the record shows it, and it is not there")]),
        **given(asked("x", person_id="E-ada"), accounts=BOB, role_entitlements=[gives("*", "mail")]),
    ),
    "there on another system": Case(
        broken(3, [("test/request/7", "the record shows it, and it is not there")]),
        **given(asked("y", person_id="E-ada", system_id="wiki"), accounts=[account("w", system_id="wiki", person_ref="E-ada")]),
    ),
    "not there yet": Case(at_risk(2, flips_at=at("2026-05-06")), **given(asked("z", person_id="E-ada", approved_at=at("2026-05-04")))),
    "to be there now": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")), **given(asked("z", person_id="E-ada", approved_at=at("2026-05-02 12:00")))
    ),
    "approved nobody knows when": Case(unproven("no source tells", 2), **given(asked("z", person_id="E-ada", approved_at=None))),
    "on a system of which nothing is told": Case(unproven("no source tells", 2), **given(asked(person_id="E-ada", system_id="db"))),
    "of somebody unknown": Case(
        failing("the record shows it, and it is not there", "test/request/7"), **given(asked(person_id="E-nobody"))
    ),
    "whose it is is unknown": Case(unproven("whose account it is", 2), **given(accounts=[account("lost", person_ref=None)])),
    "role not told": Case(unproven("the role of its owner is unknown", 2), **given(accounts=[account("zed")])),
    "role not told where no role gives anything": Case(
        failing("the record authorises nobody for it", "test/account/w"),
        **given(accounts=[account("w", system_id="db", person_ref="E-zed")]),
    ),
    "a program": Case(
        failing("the record authorises nobody for it", "test/account/sync"), **given(accounts=[service("sync", owner_ref="E-bob")])
    ),
    "the system's own": Case(upheld(1), **given(accounts=[service("root", kind="system", owner_ref="E-bob")])),
    "of unknown kind": Case(UNRECORDED, **given(accounts=[account("bob", kind=None)])),
    "switched off": Case(upheld(1), **given(accounts=[account("bob", enabled=False)])),
    "perhaps switched off": Case(unproven("", 2), **given(accounts=[account("bob", enabled=None)])),
    "may enter": Case(upheld(2), **given(zones=[zone()])),
    "who left may enter": Case(
        failing("the record shows somebody who does not work here", "test/zone/3"), **given(zones=[zone(person_id="E-old")])
    ),
    "nobody known may enter": Case(unproven("whether this person works here is unknown", 2), **given(zones=[zone(person_id="E-nobody")])),
    "withdrawn": Case(upheld(1), **given(zones=[zone(person_id="E-old", withdrawn_at=at("2026-02-01"))])),
    "until yesterday": Case(upheld(1), **given(zones=[zone(person_id="E-old", until_on=on("2026-05-03"))])),
    "until today": Case(broken(2), **given(zones=[zone(person_id="E-old", until_on=on("2026-05-04"))])),
    "nothing": Case(unproven("0 of 0"), **{**given(), "accounts": []}),
    "stale": Case(unproven("stale"), stale=["granted_requests"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
