from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "change/platform_change_tested"


def host(name: str, version: str = "Debian 13", **more: Any) -> Made:
    return {"id": name, "name": name, "operating_system": version, **more}


def was(name: str, version: str | None, since: str, until: str) -> Made:
    return {**host(name, version), "seen_from_at": at(since), "seen_until_at": at(until), "ended": "changed"}


def trial(**more: Any) -> Made:
    """The shop, on 3 April."""
    said = {"id": "1", "system_id": "shop", "platform_id": "web", "platform_version": "Debian 13", "person_id": "E-ada", "passed": True}
    return {**said, "tested_at": at("2026-04-03"), **more}


def given(*tests: Made, since: str = "2026-04-02", before: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """The shop on the web server, which became Debian 13 on 2 April, beside the ERP on a database that did not change."""
    shop = system("shop", **{"criticality": "critical", "runs_on": ["web"], **more})
    web, db = {**host("web"), "seen_from_at": at(since)}, {**host("db", "Debian 12"), "seen_from_at": at("2026-01-01")}
    return {
        "systems": [system("erp", criticality="critical", runs_on=["db"]), shop],
        "hosts": [web, db],
        "platform_tests": list(tests),
        "history": {"hosts": [was("web", "Debian 12", "2024-01-01", since), *before]},
    }


def fault(said: str = "not tested since its platform became Debian 13 on 2026-04-02") -> Any:
    return broken(2, [("test/shop/web", said)], "SHOP on web")


CASES = {
    "upheld": Case(upheld(2), **given(trial())),
    "not tested": Case(fault(), **given()),
    "not passed": Case(fault(), **given(trial(passed=False))),
    "tested before": Case(fault(), **given(trial(tested_at=at("2026-04-01")))),
    "tested just then": Case(upheld(2), **given(trial(tested_at=at("2026-04-02")))),
    "another application": Case(fault(), **given(trial(system_id="erp"))),
    "another platform": Case(fault(), **given(trial(platform_id="db"))),
    "another version": Case(fault(), **given(trial(platform_version="Debian 12"))),
    "to be tested": Case(upheld(2, flips_at=at("2026-05-14")), **given(since="2026-04-30")),
    "to be tested soon": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(since="2026-04-20 12:00")),
    "for too long": Case(fault("not tested since its platform became Debian 13 on 2026-04-20"), **given(since="2026-04-20 11:00")),
    "changed long ago": Case(upheld(2), **given(since="2025-05-03")),
    "changed a year ago": Case(fault("not tested since its platform became Debian 13 on 2025-05-04"), **given(since="2025-05-04 12:00")),
    "once unreadable": Case(
        upheld(2),
        **{
            **given(trial()),
            "history": {
                "hosts": [
                    *given()["history"]["hosts"],
                    was("db", "Debian 12", "2025-11-01", "2025-12-01"),
                    was("db", None, "2025-12-01", "2026-01-01"),
                ]
            },
        },
    ),
    "changed while unreadable": Case(
        broken(2, [("test/erp/db", "not tested since its platform became Debian 12 on 2026-01-01")]),
        **{
            **given(trial()),
            "history": {
                "hosts": [
                    *given()["history"]["hosts"],
                    was("db", "Debian 11", "2025-11-01", "2025-12-01"),
                    was("db", None, "2025-12-01", "2026-01-01"),
                ]
            },
        },
    ),
    "changed twice": Case(
        fault("not tested since its platform became Debian 13 on 2026-04-02"),
        **given(trial(platform_version="Debian 12"), before=(was("web", "Debian 11", "2023-12-01", "2024-01-01"),)),
    ),
    "changed twice, and tested": Case(upheld(2), **given(trial(), before=(was("web", "Debian 11", "2023-12-01", "2024-01-01"),))),
    "another host changed": Case(upheld(2), **given(trial(), before=(was("mail", "A", "2026-01-01", "2026-04-01"),))),
    "not critical": Case(upheld(1), **given(criticality="high")),
    "perhaps critical": Case(unproven("SHOP on web (not tested since", 2), **given(criticality=None)),
    "perhaps in operation": Case(unproven("SHOP on web (not tested since", 2), **given(in_operation=None)),
    "serves nobody": Case(upheld(1), **given(in_operation=False)),
    "a platform itself": Case(upheld(1), **given(kind="host")),
    "of unknown kind": Case(fault(), **given(kind=None)),
    "at somebody else's": Case(upheld(1), **given(supplier_id="cloud")),
    "on two platforms": Case(upheld(3), **given(trial(), runs_on=["web", "db"])),
    "tested on two platforms": Case(
        broken(4, [("test/shop/web", "not tested since its platform became Debian 13 on 2026-04-02")]),
        **{
            **given(trial(system_id="blog")),
            "systems": [
                *given()["systems"],
                system("blog", criticality="critical", runs_on=["web"]),
                system("cms", criticality="critical", runs_on=["db"]),
            ],
        },
    ),
    "on what is not read": Case(unproven("SHOP on mail (the version of its platform is not read)", 2), **given(runs_on=["mail"])),
    "on what is not written down": Case(unproven("SHOP (what it runs on is not written down)", 2), **given(runs_on=None)),
    "on nothing": Case(unproven("SHOP (what it runs on is not written down)", 2), **given(runs_on=[])),
    "no system": Case(unproven("0 of 0"), systems=[], hosts=[], platform_tests=[]),
    "stale": Case(unproven("stale"), stale=["hosts"], **given(trial())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
