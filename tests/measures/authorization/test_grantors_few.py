from datetime import date
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, grant, group, member, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/grantors_few"


def grantor(name: str, way: str = "superuser", **more: Any) -> Made:
    """An account that can grant rights on the CRM."""
    return {"id": f"{name}/{way}", "system_id": "crm", "account_id": name, "way": way, **more}


def approved(name: str, until: date | None = None, **more: Any) -> Made:
    """Somebody on the register of grantors, for the CRM."""
    return {"person_id": f"E-{name}", "system_id": "crm", "approved_by": "E-eve", "until_on": until, **more}


def zone(by: str | None, **more: Any) -> Made:
    """Somebody let into the laboratory."""
    return {"id": "1", "person_id": "E-bob", "zone_id": "lab", "authorised_by": by, **more}


def given(*grantors: Made, register: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Who can grant beside Ada, who is on the register."""
    return {
        "accounts": [account("ada"), account("bob"), account("cy")],
        "people": [person(name) for name in ("ada", "bob", "cy")],
        "grantors": [grantor("ada"), *grantors],
        "grants": [],
        "groups": [],
        "approved_grantors": [approved("ada"), *register],
        "systems": SYSTEMS,
        **more,
    }


def outsider(how: str = "superuser", population: int = 3) -> Any:
    """Bob can grant, and should not."""
    return broken(population, [("crm/test/bob", f"Bob is not on the register ({how})")], "bob on crm")


CASES = {
    "many at once": Case(
        broken(
            11,
            [
                ("crm/test/bob", "Bob is not on the register (may pass on ledger, superuser)"),
                ("crm/test/cy", "Cy was on the register until 2026-05-03 (superuser)"),
                ("crm/test/dan", "Dan is not on the register (superuser)"),
                ("crm/test/eve", "Eve is not on the register (superuser)"),
                ("zone lab/E-bob", "Bob is not on the register (lets people in)"),
            ],
            "3 are unknown",
        ),
        **given(
            *(grantor(each) for each in ("bob", "cy", "dan", "eve", "fay", "gil", "sync", "off", "shut")),
            register=(
                approved("cy", on("2026-05-03")),
                approved("dan", system_id="wiki"),
                approved("eve", approved_by=None),
                approved("fay", on("2026-12-31")),
                approved("gil", system_id="*"),
            ),
            grants=[grant("bob", "ledger", can_grant=True), grant("ada", "ledger"), grant("hal", "ledger", can_grant=None)],
            accounts=[
                *(account(each) for each in ("ada", "bob", "cy", "dan", "eve", "fay", "gil", "hal")),
                service("sync"),
                account("off", enabled=False),
                account("shut", can_sign_in=False),
            ],
            people=[person(each) for each in ("ada", "bob", "cy", "dan", "eve", "fay", "gil", "hal", "off", "shut")],
            zone_authorisations=[zone("E-bob"), zone("E-bob", id="2", until_on=on("2026-05-03"), zone_id="vault")],
        ),
    ),
    "upheld": Case(upheld(2), **given()),
    "broken": Case(outsider(), **given(grantor("bob"))),
    "by what may be passed on": Case(
        outsider("may pass on ledger"), **given(grants=[grant("bob", "ledger", can_grant=True), grant("cy", "ledger")])
    ),
    "through a group": Case(
        outsider("may pass on ledger"),
        **given(
            grants=[member("bob", "keepers"), grant("keepers", "ledger", holder_kind="group", can_grant=True)], groups=[group("keepers")]
        ),
    ),
    "perhaps by what may be passed on": Case(
        unproven("bob on crm (Bob is not on the register (may pass on ledger))", 3),
        **given(grants=[grant("bob", "ledger", can_grant=None)]),
    ),
    "in two ways": Case(
        outsider("may pass on ledger, superuser"), **given(grantor("bob"), grants=[grant("bob", "ledger", can_grant=None)])
    ),
    "registered": Case(upheld(3), **given(grantor("bob"), register=(approved("bob"),))),
    "registered until": Case(upheld(3, flips_at=at("2026-07-01")), **given(grantor("bob"), register=(approved("bob", on("2026-06-30")),))),
    "registered until today": Case(
        at_risk(3, flips_at=at("2026-05-05")), **given(grantor("bob"), register=(approved("bob", on("2026-05-04")),))
    ),
    "registered until yesterday": Case(
        broken(3, [("crm/test/bob", "Bob was on the register until 2026-05-03 (superuser)")]),
        **given(grantor("bob"), register=(approved("bob", on("2026-05-03")),)),
    ),
    "registered for every system": Case(upheld(3), **given(grantor("bob"), register=(approved("bob", system_id="*"),))),
    "registered for another system": Case(outsider(), **given(grantor("bob"), register=(approved("bob", system_id="wiki"),))),
    "registered without approval": Case(outsider(), **given(grantor("bob"), register=(approved("bob", approved_by=None),))),
    "registered by nobody's number": Case(outsider(), **given(grantor("bob"), register=(approved("dan"),))),
    "switched off": Case(upheld(2), **given(grantor("bob"), accounts=[account("ada"), account("bob", enabled=False)])),
    "cannot sign in": Case(upheld(2), **given(grantor("bob"), accounts=[account("ada"), account("bob", can_sign_in=False)])),
    "perhaps switched off": Case(
        unproven("bob on crm (Bob is not on the register (superuser))", 3),
        **given(grantor("bob"), accounts=[account("ada"), account("bob", enabled=None)]),
    ),
    "perhaps no way in": Case(
        unproven("bob on crm", 3), **given(grantor("bob"), accounts=[account("ada"), account("bob", can_sign_in=None)])
    ),
    "whose it is, is unknown": Case(
        unproven("sync on crm (whose it is, is unknown (superuser))", 3),
        **given(grantor("sync"), accounts=[account("ada"), service("sync")]),
    ),
    "into a zone": Case(
        broken(3, [("zone lab/E-bob", "Bob is not on the register (lets people in)")], "Bob for lab"),
        **given(zone_authorisations=[zone("E-bob")]),
    ),
    "into a zone, registered": Case(upheld(3), **given(zone_authorisations=[zone("E-bob")], register=(approved("bob", system_id="lab"),))),
    "into a zone, once": Case(upheld(2), **given(zone_authorisations=[zone("E-bob", until_on=on("2026-05-03"))])),
    "into a zone, until today": Case(
        broken(3, [("zone lab/E-bob", "Bob is not on the register (lets people in)")]),
        **given(zone_authorisations=[zone("E-bob", until_on=on("2026-05-04"))]),
    ),
    "into a zone, by somebody unknown": Case(
        unproven("somebody for lab (whose it is, is unknown (lets people in))", 3), **given(zone_authorisations=[zone(None)])
    ),
    "as many as may be": Case(
        upheld(4), parameters={"grantors_limit": 3}, **given(grantor("bob"), grantor("cy"), register=(approved("bob"), approved("cy")))
    ),
    "too many": Case(
        broken(4, [("everybody", "3 to 3 people of at most 2 can grant")], "all who can grant"),
        parameters={"grantors_limit": 2},
        **given(grantor("bob"), grantor("cy"), register=(approved("bob"), approved("cy"))),
    ),
    "perhaps too many": Case(
        unproven("all who can grant (2 to 3 people of at most 2 can grant)", 4),
        parameters={"grantors_limit": 2},
        **given(
            grantor("bob"),
            grantor("cy"),
            register=(approved("bob"), approved("cy")),
            accounts=[account("ada"), account("bob"), account("cy", enabled=None)],
        ),
    ),
    "nothing to judge": Case(unproven("0 of 0"), **given(accounts=[])),
    "stale": Case(unproven("stale"), stale=["grantors"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
