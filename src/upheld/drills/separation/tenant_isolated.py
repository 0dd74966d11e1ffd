"""Drops the policy of a table of tenants, in a real database."""

from contextlib import ExitStack
from typing import LiteralString

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene, ours
from upheld.lab.postgres import PASSWORD, Postgres
from upheld.sources.tenants import TENANTS

POLICY: LiteralString = "CREATE POLICY apart ON shop.orders USING (tenant_id = current_user)"
DATABASE: tuple[LiteralString, ...] = (
    "CREATE SCHEMA shop",
    "CREATE TABLE shop.orders (id int PRIMARY KEY, tenant_id text NOT NULL, what text)",
    "CREATE ROLE acme NOLOGIN",
    "CREATE ROLE bolt NOLOGIN",
    "CREATE ROLE prober LOGIN PASSWORD 'lab-only-5d1e'",
    "GRANT acme, bolt TO prober",
    "GRANT USAGE ON SCHEMA shop TO acme, bolt",
    "GRANT SELECT, INSERT, UPDATE ON shop.orders TO acme, bolt",
    "INSERT INTO shop.orders VALUES (1, 'acme', 'nails'), (2, 'bolt', 'nuts')",
    "ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY",
    POLICY,
    "ANALYZE shop.orders",
)


def source_settings(postgres: Postgres) -> dict[str, str]:
    """Return what the source kind `tenants` needs to try the lab's two tenants."""
    told = {name: value for name, value in postgres.settings.items() if name != "user"}
    return told | {"system": "shop", "tenants": "acme=acme bolt=bolt", "user": "prober", "password": PASSWORD}


class Opened(Drill):
    """A database with two tenants, whose rows lie in one table."""

    measure = "separation/tenant_isolated"
    breaks = "The policy of a table of tenants is replaced by one that lets everybody see everything"

    def open(self, stack: ExitStack) -> Scene:
        """Start the database."""
        self._postgres = stack.enter_context(Postgres())
        self._postgres.run(*DATABASE)
        source = connected(TENANTS, **source_settings(self._postgres))
        return Scene([("tenants", TENANTS.tables, source)])

    def sabotage(self) -> str:
        """Replace it."""
        ours(self._postgres)
        self._postgres.run("DROP POLICY apart ON shop.orders", "CREATE POLICY apart ON shop.orders USING (true)")
        return "shop.orders"

    def heal(self) -> None:
        """Put the right one back."""
        ours(self._postgres)
        self._postgres.run("DROP POLICY apart ON shop.orders", POLICY)


DRILL = Opened()
