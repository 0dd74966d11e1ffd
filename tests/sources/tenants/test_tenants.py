"""Tenants of a real database, tried as each of them: what one leak after the other looks like."""

from collections.abc import Iterator
from typing import LiteralString

import pytest
from tests.labs import installed
from tests.sources.collected import collect, connected, rows

from upheld.drills.separation.tenant_isolated import DATABASE, source_settings
from upheld.lab.postgres import Postgres
from upheld.sources.source import Misconfigured, Source
from upheld.sources.tenants import TENANTS

pytestmark = pytest.mark.lab
MINE: LiteralString = "CREATE POLICY apart ON shop.orders USING (tenant_id = current_user)"
SET_AS_MINE: LiteralString = "CREATE POLICY apart ON shop.orders USING (tenant_id = current_setting('app.tenant', true))"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with installed(), Postgres() as started:
        started.run(*DATABASE)
        yield started


@pytest.fixture
def source(postgres: Postgres) -> Source:
    return connected(TENANTS, **source_settings(postgres))


def leaks(source: Source) -> set[tuple[object, ...]]:
    """What succeeded, or could not be tried."""
    told = rows(collect(source, "tenant_tables", "tenant_probes"), "tenant_probes")
    return {(row["role"], row["name"], row["attempt"], row.get("succeeded")) for row in told if row.get("succeeded") is not False}


def test_nobody_gets_at_anything_where_all_is_in_order(postgres: Postgres, source: Source) -> None:
    assert source.test().endswith("has 1 tables with a column tenant_id; 2 tenants to try")
    into = collect(source, "tenant_tables", "tenant_probes")
    assert rows(into, "tenant_tables") == [
        {"id": "shop/shop.orders", "system_id": "shop", "name": "shop.orders", "secured": True, "forced": True, "policies": 1}
    ]
    told = {(row["role"], row["name"], row["attempt"]): row["succeeded"] for row in rows(into, "tenant_probes")}
    assert len(told) == 10 and set(told.values()) == {False}


@pytest.mark.parametrize(
    ("policy", "got"),
    [
        ("CREATE POLICY apart ON shop.orders USING (true)", {"read", "write", "plant"}),
        ("CREATE POLICY apart ON shop.orders USING (tenant_id = current_user) WITH CHECK (true)", {"plant"}),
    ],
)
def test_a_policy_that_lets_through(postgres: Postgres, source: Source, policy: LiteralString, got: set[str]) -> None:
    before = postgres.run("SELECT * FROM shop.orders ORDER BY id")
    postgres.run("DROP POLICY apart ON shop.orders", policy)
    try:
        assert leaks(source) == {(role, "shop.orders", attempt, True) for role in ("acme", "bolt") for attempt in got}
    finally:
        postgres.run("DROP POLICY apart ON shop.orders", MINE)
    assert postgres.run("SELECT * FROM shop.orders ORDER BY id") == before


def test_a_table_without_security_tells_by_its_statistics_too(postgres: Postgres, source: Source) -> None:
    postgres.run("INSERT INTO shop.orders SELECT n, 'acme', 'x' FROM generate_series(10, 60) AS n", "ANALYZE shop.orders")
    postgres.run("INSERT INTO shop.orders SELECT n, 'bolt', 'x' FROM generate_series(100, 160) AS n", "ANALYZE shop.orders")
    postgres.run("ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY")
    try:
        assert ("acme", "shop.orders", "infer", True) in leaks(source)
    finally:
        postgres.run("ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY")
    assert leaks(source) == set()


def test_a_role_that_bypasses_by_another_a_view_and_an_empty_table(postgres: Postgres, source: Source) -> None:
    made: tuple[LiteralString, ...] = (
        "CREATE ROLE anybody BYPASSRLS",
        "GRANT anybody TO bolt",
        "CREATE VIEW shop.everything AS SELECT * FROM shop.orders",
        "CREATE TABLE shop.later (tenant_id text)",
        "GRANT SELECT ON shop.everything, shop.later TO acme, bolt",
        "CREATE TABLE shop.kept (tenant_id text)",
        "CREATE TABLE shop.parted (tenant_id text) PARTITION BY LIST (tenant_id)",
        "CREATE TABLE shop.part PARTITION OF shop.parted DEFAULT",
        "INSERT INTO shop.parted VALUES ('acme'), ('bolt')",
        "GRANT SELECT ON shop.part TO acme, bolt",
    )
    postgres.run(*made)
    try:
        found = leaks(source)
    finally:
        postgres.run("DROP VIEW shop.everything", "DROP TABLE shop.later", "DROP TABLE shop.kept, shop.parted", "DROP ROLE anybody")
    assert {("bolt", "*", "bypass", True), ("acme", "shop.everything", "read", True), ("acme", "shop.later", "read", None)} <= found
    assert ("acme", "shop.part", "read", True) in found
    assert not {each for each in found if each[0] == "acme" and each[2] == "bypass"}
    assert not {each for each in found if each[1] == "shop.kept" and each[2] == "read"}


def test_tenants_that_the_application_names_by_a_setting(postgres: Postgres) -> None:
    told = source_settings(postgres) | {"tenants": "acme=acme acme=bolt", "tenant_setting": "app.tenant"}
    postgres.run("DROP POLICY apart ON shop.orders", SET_AS_MINE)
    try:
        assert leaks(connected(TENANTS, **told)) == set()
    finally:
        postgres.run("DROP POLICY apart ON shop.orders", MINE)


@pytest.mark.parametrize("said", [{"tenants": "acme=acme"}, {"tenants": "acme bolt"}, {"tenant_column": "a; DROP"}])
def test_what_cannot_be_tried_is_refused(postgres: Postgres, said: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        connected(TENANTS, **source_settings(postgres) | said)
