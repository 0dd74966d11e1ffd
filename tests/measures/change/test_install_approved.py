from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.changed import change
from tests.measures.made import Made, account, at, person, system
from tests.mutants import survivors

MEASURE = "change/install_approved"
PEOPLE = [person("ada"), person("cy")]
ACCOUNTS = [
    account("ada", system_id="web"),
    account("cy", system_id="web"),
    account("cy-crm", system_id="crm", user_name="ada", person_ref="E-cy"),
]


def install(package: str = "nginx", **more: Any) -> Made:
    """Ada's on the web server, at noon on 1 May."""
    said = {"id": f"web/{package}", "system_id": "web", "manager": "dpkg", "action": "install", "package": package, "version": "1"}
    return {**said, "done_by": "ada", "unattended": False, "done_at": at("2026-05-01 12:00"), **more}


def given(*installs: Made, changes: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Beside an update that a program made by a change of the wiki, which is the first of the changes."""
    wiki = change("wiki-1", systems=["wiki"], carried_out_by=[], unattended=True)
    update = install("bash", id="wiki/bash", system_id="wiki", done_by=None, unattended=True)
    systems = [system("wiki", environment="production"), system("web", **{"environment": "production", **more})]
    tables = {"systems": systems, "changes": [wiki, *changes], "people": PEOPLE, "accounts": ACCOUNTS}
    return {**tables, "software_installs": [update, *installs]}


def fault(said: str) -> Any:
    return broken(2, [("test/web/nginx", said)])


def web(**more: Any) -> tuple[Made, ...]:
    return (change("web-1", systems=["db", "web"], **more),)


NONE = "no approved change covers it"
CASES = {
    "upheld": Case(upheld(2), **given(install(), changes=web())),
    "an upgrade": Case(fault(NONE), **given(install(action="upgrade"))),
    "no change": Case(broken(2, [("test/web/nginx", NONE)], "nginx 1 on WEB"), **given(install())),
    "of another system": Case(fault(NONE), **given(install(), changes=(change("web-1", systems=["db"]),))),
    "before": Case(fault(NONE), **given(install(), changes=web(from_at=at("2026-05-02")))),
    "after": Case(fault(NONE), **given(install(), changes=web(until_at=at("2026-05-01")))),
    "to the minute": Case(upheld(2), **given(install(), changes=web(from_at=at("2026-05-01 12:00"), until_at=at("2026-05-01 12:00")))),
    "approved by who proposed it": Case(fault(NONE), **given(install(), changes=web(approved_by_id="E-ada"))),
    "not approved": Case(fault(NONE), **given(install(), changes=web(approved_by_id=None, approved_at=None))),
    "approved later": Case(fault(NONE), **given(install(), changes=web(approved_at=at("2026-05-02")))),
    "approved just then": Case(upheld(2), **given(install(), changes=web(approved_at=at("2026-05-01 12:00")))),
    "an emergency": Case(upheld(2), **given(install(), changes=web(kind="emergency", approved_at=at("2026-05-04 12:00")))),
    "an emergency, approved too late": Case(
        fault(NONE), **given(install(done_at=at("2026-05-01 10:00")), changes=web(kind="emergency", approved_at=at("2026-05-04 11:00")))
    ),
    "this package": Case(upheld(2), **given(install(), changes=web(packages=["bash", "nginx"]))),
    "other packages": Case(fault(NONE), **given(install(), changes=web(packages=["bash"]))),
    "by somebody else": Case(fault("web-1 does not name ada"), **given(install(), changes=web(carried_out_by=["E-cy"]))),
    "by nobody known": Case(fault("web-1 does not name root2"), **given(install(done_by="root2"), changes=web())),
    "by an account of nobody's": Case(
        fault("web-1 does not name ada"),
        **{**given(install(), changes=web()), "accounts": [account("ada", system_id="web", person_ref=None, mail=None, identifier="x")]},
    ),
    "by a program": Case(fault("web-1 does not name a program"), **given(install(done_by=None, unattended=True), changes=web())),
    "by a program that may": Case(upheld(2), **given(install(done_by=None, unattended=True), changes=web(unattended=True))),
    "of two changes one names them": Case(
        upheld(2), **given(install(), changes=(change("web-0", systems=["web"], carried_out_by=["E-cy"]), *web()))
    ),
    "by whom is unknown": Case(
        unproven("who installed it, by web-1, is unknown", 2), **given(install(done_by=None, unattended=None), changes=web())
    ),
    "by whom is unknown, and no change": Case(fault(NONE), **given(install(done_by=None, unattended=None))),
    "when is unknown": Case(unproven("when it was installed is unknown", 2), **given(install(done_at=None), changes=web())),
    "removed": Case(upheld(1), **given(install(action="remove"))),
    "long ago": Case(upheld(1), **given(install(done_at=at("2025-05-03")))),
    "a year ago": Case(fault(NONE), **given(install(done_at=at("2025-05-04 12:00")))),
    "no version": Case(broken(2, [("test/web/nginx", NONE)], "nginx on WEB"), **given(install(version=None))),
    "on a test system": Case(upheld(1), **given(install(), environment="test")),
    "of unknown environment": Case(fault(NONE), **given(install(), environment=None)),
    "on what serves nobody": Case(upheld(1), **given(install(), in_operation=False)),
    "perhaps in operation": Case(fault(NONE), **given(install(), in_operation=None)),
    "on a host that nobody entered": Case(
        broken(2, [("test/lab/nginx", NONE)], "nginx 1 on lab"), **given(install(id="lab/nginx", system_id="lab"))
    ),
    "left the log": Case(
        fault(NONE),
        **{
            **given(),
            "history": {
                "software_installs": [
                    {**install(), "seen_from_at": at("2026-05-01 13:00"), "seen_until_at": at("2026-05-03"), "ended": "vanished"},
                ]
            },
        },
    ),
    "told twice": Case(
        upheld(2),
        **{
            **given(install(), changes=web()),
            "history": {
                "software_installs": [
                    {**install(done_by="x"), "seen_from_at": at("2026-05-01 13:00"), "seen_until_at": at("2026-05-03"), "ended": "changed"},
                ]
            },
        },
    ),
    "nothing installed": Case(upheld(0), software_installs=[], changes=[], systems=[], people=PEOPLE, accounts=[]),
    "stale": Case(unproven("stale"), stale=["software_installs"], **given(install(), changes=web())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
