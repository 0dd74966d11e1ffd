from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "separation/tenant_isolated"


def table(name: str = "shop.orders", **more: Any) -> Made:
    return {"id": f"crm/{name}", "system_id": "crm", "name": name, "secured": True, "forced": True, "policies": 1, **more}


def probe(attempt: str = "read", name: str = "shop.orders", **more: Any) -> Made:
    told = {"id": f"crm/acme/{name}/{attempt}", "system_id": "crm", "role": "acme", "name": name, "attempt": attempt}
    return {**told, "succeeded": False, "probed_at": at("2026-05-03"), **more}


ROLE = probe("bypass", "*")


def case(expected: Any, *probes: Made, tables: tuple[Made, ...] = (), **more: Any) -> Case:
    return Case(expected, tenant_tables=[table(**more), *tables], tenant_probes=[ROLE, *(probes or (probe(),))])


def fault(said: str, population: int = 2) -> Any:
    return broken(population, [("table/test/crm/shop.orders", said)])


CASES = {
    "upheld": case(upheld(2, flips_at=at("2026-05-10"))),
    "soon": case(at_risk(2, flips_at=at("2026-05-05")), probe(probed_at=at("2026-04-28"))),
    "off": case(fault("row-level security is off"), secured=False),
    "its owner is free": case(fault("its owner is not bound"), forced=False),
    "no policy": case(fault("it has no policy"), policies=0),
    "read": case(fault("acme: reads rows of others"), probe(succeeded=True, said="reads rows of others"), probe("write")),
    "written": case(fault("acme: write"), probe(), probe("write", succeeded=True)),
    "read long ago": case(fault("acme: read"), probe(succeeded=True, probed_at=at("2026-01-01"))),
    "both": case(fault("row-level security is off, acme: read"), probe(succeeded=True), secured=False),
    "not lately": case(unproven("not tried lately", 2), probe(probed_at=at("2026-04-26")), probe("write")),
    "never": Case(unproven("nobody tried it as a tenant", 2), tenant_tables=[table()], tenant_probes=[ROLE]),
    "could not be tried": case(unproven("not everything could be tried", 2), probe(), probe("write", succeeded=None)),
    "when is unknown": case(unproven("not everything could be tried", 2), probe(), probe("write", probed_at=None)),
    "security unknown": case(unproven("not everything could be tried", 2), secured=None),
    "owner unknown": case(unproven("not everything could be tried", 2), forced=None),
    "policies unknown": case(unproven("not everything could be tried", 2), policies=None),
    "probes of another database": case(unproven("1 of 3", 3), probe(system_id="erp", id="erp/acme")),
    "another table leaks": case(
        broken(3, [("table/test/crm/shop.users", "acme: read")]),
        probe(),
        probe(name="shop.users", succeeded=True),
        tables=(table("shop.users"),),
    ),
    "a view leaks": case(
        broken(3, [("probe/test/crm/acme/shop.view/read", "reads rows of others")]),
        probe(),
        probe(name="shop.view", succeeded=True, said="reads rows of others"),
    ),
    "a view does not": case(upheld(3), probe(), probe(name="shop.view")),
    "a view could not be tried": case(unproven("not everything could be tried", 3), probe(), probe(name="shop.view", succeeded=None)),
    "a view was tried some time": case(unproven("1 of 3", 3), probe(), probe(name="shop.view", probed_at=None)),
    "a view was not tried lately": case(unproven("not tried lately", 3), probe(), probe(name="shop.view", probed_at=at("2026-04-01"))),
    "a role bypasses": Case(
        broken(2, [("probe/test/crm/bolt/*/bypass", "bypass")]),
        tenant_tables=[table()],
        tenant_probes=[probe(), probe("bypass", "*", role="bolt", id="crm/bolt/*/bypass", succeeded=True)],
    ),
    "none": Case(unproven("0 of 0"), tenant_tables=[], tenant_probes=[]),
    "stale": Case(unproven("stale"), stale=["tenant_probes"], tenant_tables=[table()], tenant_probes=[probe()]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
