from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.authorization.asked import gives
from tests.measures.made import SYSTEMS, Made, account, at, grant, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/movers_adjusted"


def was(role: str, until: str | None = "2026-03-01", **more: Any) -> Made:
    times = {"seen_from_at": at("2025-01-01"), "seen_until_at": until and at(until), "ended": "changed" if until else None}
    return {**person("ada", role=role), **times, **more}


def given(*grants: Made, before: Made | None = None, requests: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Ada sold until March, and keeps books since."""
    now = was("clerk", None, seen_from_at=at("2026-03-01"))
    return {
        "people": [person("ada", role="clerk"), person("bob", role="seller")],
        "history": {"people": [before or was("seller"), now]},
        "accounts": [account("ada"), account("bob")],
        "systems": SYSTEMS,
        "groups": [],
        "grants": list(grants) or [grant("ada", "sales")],
        "role_entitlements": [
            gives("seller", "sales"),
            gives("seller", "files"),
            gives("clerk", "files"),
            gives("clerk", "books"),
            gives("*", "mail"),
            gives("seller", "mail"),
            gives("seller", "x", system_id="wiki"),
            gives("clerk", "sales", system_id="wiki"),
        ],
        "granted_requests": requests or [],
        **more,
    }


def asked(**more: Any) -> Made:
    said = {"id": "1", "person_id": "E-ada", "system_id": "crm", "entitlement": "sales", "approved_by": "E-eve"}
    return {**said, "approved_at": at("2026-03-01"), **more}


KEPT = broken(1, [("test/crm/ada/sales", "came with the role seller, which Ada left on 2026-03-01")], "ada on CRM: sales")
CASES = {
    "kept": Case(KEPT, **given()),
    "of the present role too": Case(upheld(1), **given(grant("ada", "files"))),
    "of everybody": Case(upheld(1), **given(grant("ada", "mail"))),
    "of the present role alone": Case(upheld(0), **given(grant("ada", "books"))),
    "of no role": Case(upheld(0), **given(grant("ada", "other"))),
    "of the former role elsewhere": Case(upheld(0), **given(grant("ada", "x"))),
    "somebody else's": Case(upheld(0), **given(grant("bob", "sales"))),
    "just moved": Case(upheld(1, flips_at=at("2026-05-15")), **given(before=was("seller", "2026-05-01"))),
    "nearly over": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(before=was("seller", "2026-04-20 12:00"))),
    "requested": Case(upheld(1), **given(requests=[asked()])),
    "requested until today": Case(upheld(1), **given(requests=[asked(until_on=on("2026-05-04"))])),
    "requested until yesterday": Case(KEPT, **given(requests=[asked(until_on=on("2026-05-03"))])),
    "requested, not approved": Case(KEPT, **given(requests=[asked(approved_by=None)])),
    "requested by another": Case(KEPT, **given(requests=[asked(person_id="E-bob")])),
    "requested elsewhere": Case(KEPT, **given(requests=[asked(system_id="wiki")])),
    "something else requested": Case(KEPT, **given(requests=[asked(entitlement="books")])),
    "never moved": Case(upheld(0), **given(before=was("clerk"))),
    "never moved, and has what the role gives": Case(upheld(0), **given(grant("ada", "books"), before=was("clerk"))),
    "somebody else moved": Case(upheld(0), **given(grant("ada", "sales"), before=was("seller", id="E-bob"))),
    "another list knows somebody by this number": Case(upheld(0), **given(grant("ada", "sales"), before=was("seller", source="other"))),
    "the role is corrected still": Case(upheld(0), **given(before=was("seller", None))),
    "through a group": Case(
        upheld(0),
        **given(
            grant("staff", "sales", holder_kind="group"),
            {**grant("ada", "staff"), "group_id": "staff"},
            groups=[{"id": "staff", "system_id": "crm", "name": "staff", "entitlement": "staff"}],
        ),
    ),
    "switched off": Case(upheld(0), **given(accounts=[account("ada", enabled=False)])),
    "perhaps switched off": Case(unproven("", 1), **given(accounts=[account("ada", enabled=None)])),
    "a program": Case(upheld(0), **given(accounts=[service("ada", owner_ref="E-ada")])),
    "stale": Case(unproven("stale"), stale=["people"], **given(grant("ada", "files"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
