from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, account, at, grant, on, person, system
from tests.mutants import survivors

MEASURE = "separation/environments_apart"


def probe(of: str = "crm", **more: Any) -> Made:
    told = {"id": f"dev/{of}", "from_system_id": "dev", "to_system_id": of, "address": of, "port": 5432}
    return {**told, "reached": False, "probed_at": at("2026-05-03"), **more}


def door(**more: Any) -> Made:
    own = {"id": "1", "from_environment": "development", "to_system_id": "crm", "port": 5432, "approved_at": at("2026-01-01")}
    return {**own, **more}


def key(of: str, fingerprint: str = "F", **more: Any) -> Made:
    return {"id": f"{of}/{fingerprint}", "system_id": of, "fingerprint": fingerprint, "purpose": "ssh-user", "state": "active", **more}


def given(*doors: Made, keys: tuple[Made, ...] = (), grants: tuple[Made, ...] = (), **more: Any) -> dict[str, list[Made]]:
    systems = [system(name, environment=what) for name, what in (("crm", "production"), ("dev", "development"), ("git", "development"))]
    return {
        "systems": [*systems, system("odd", environment=None)],
        "reachability_probes": [probe("git", reached=True), probe(**more)],
        "environment_doors": list(doors),
        "keys": [key("crm", "host"), *keys],
        "people": [person("ada", role="developer"), person("bob", role="clerk")],
        "accounts": [account("ada"), account("bob")],
        "groups": [],
        "grants": [grant("ada", "table:SELECT:shop.orders"), grant("bob", "table:UPDATE:shop.orders"), *grants],
    }


def of(ada: Made) -> dict[str, list[Made]]:
    """Ada administers by her account `ada`."""
    return given(grants=(grant("ada", "admins", privileged=True, system_id=ada["system_id"]),)) | {"accounts": [ada, account("bob")]}


def fault(subject: str, said: str, population: int = 4) -> Any:
    return broken(population, [(subject, said)])


REACHED = fault("probe/test/dev/crm", "reaches production from development")
WRITES = fault("account/test/ada", "a developer who may always write")
SHARED = fault("key/F", "used in 2 environments", 5)
CASES = {
    "upheld": Case(upheld(4, flips_at=at("2026-05-10")), **given()),
    "soon": Case(at_risk(4, flips_at=at("2026-05-05")), **given(probed_at=at("2026-04-28"))),
    "reached": Case(REACHED, **given(reached=True)),
    "by a door": Case(upheld(4), **given(door(), reached=True)),
    "by two doors": Case(upheld(4), **given(door(), door(id="2"), reached=True)),
    "by a door for others": Case(REACHED, **given(door(from_environment="test"), reached=True)),
    "by a door to others": Case(REACHED, **given(door(to_system_id="erp"), reached=True)),
    "by a door of another port": Case(REACHED, **given(door(port=22), reached=True)),
    "by a door that nobody approved": Case(REACHED, **given(door(approved_at=None), reached=True)),
    "on a door's last day": Case(upheld(4), **given(door(until_on=on("2026-05-04")), reached=True)),
    "after a door's last day": Case(REACHED, **given(door(until_on=on("2026-05-03")), reached=True)),
    "reached some time ago": Case(REACHED, **given(reached=True, probed_at=at("2026-01-01"))),
    "not tried lately": Case(unproven("not known, or not tried lately", 4), **given(probed_at=at("2026-04-26"))),
    "could not be tried": Case(unproven("1 of 4", 4), **given(reached=None)),
    "reaches an unknown environment": Case(unproven("1 of 4", 4), **given(reached=True, to_system_id="odd")),
    "reaches from an unknown environment": Case(unproven("1 of 4", 4), **given(reached=True, from_system_id="odd")),
    "could not be tried, by a door": Case(upheld(4), **given(door(), reached=None)),
    "a shared key": Case(SHARED, **given(keys=(key("crm"), key("dev")))),
    "a key shared within one environment": Case(upheld(5), **given(keys=(key("git"), key("dev")))),
    "a shared key that was destroyed": Case(upheld(5), **given(keys=(key("crm", state="destroyed"), key("dev")))),
    "a shared key in an unknown state": Case(SHARED, **given(keys=(key("crm", state=None), key("dev")))),
    "a key somewhere unknown": Case(unproven("1 of 5", 5), **given(keys=(key("odd"), key("dev")))),
    "a shared key, and somewhere unknown": Case(SHARED, **given(keys=(key("odd"), key("dev"), key("crm")))),
    "writes": Case(WRITES, **given(grants=(grant("ada", "table:UPDATE:shop.orders"),))),
    "inserts": Case(WRITES, **given(grants=(grant("ada", "table:INSERT:shop.orders"),))),
    "deletes": Case(WRITES, **given(grants=(grant("ada", "table:DELETE:shop.orders"),))),
    "administers": Case(WRITES, **given(grants=(grant("ada", "admins", privileged=True),))),
    "writes for a time": Case(upheld(4), **given(grants=(grant("ada", "admins", privileged=True, expires_at=at("2026-05-05")),))),
    "a right of an unknown kind": Case(unproven("1 of 4", 4), **given(grants=(grant("ada", "odd", privileged=None),))),
    "a right of an unknown kind for a time": Case(
        upheld(4), **given(grants=(grant("ada", "odd", privileged=None, expires_at=at("2026-05-05")),))
    ),
    "writes elsewhere": Case(upheld(3), **of(account("ada", system_id="dev"))),
    "somebody called so elsewhere": Case(upheld(4), **given(grants=(grant("ada", "admins", privileged=True, source="other"),))),
    "switched off": Case(upheld(3), **of(account("ada", enabled=False))),
    "whether it is switched off is unknown": Case(WRITES, **of(account("ada", enabled=None))),
    "left": Case(upheld(3), **of(account("ada")) | {"people": [person("ada", role="developer", ended_on=on("2026-01-01"))]}),
    "holds nothing": Case(upheld(4), **given() | {"grants": []}),
    "nothing at all": Case(unproven("0 of 0"), **{name: [] for name in given()}),
    "stale": Case(unproven("stale"), stale=["reachability_probes"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
