"""Asks PostgreSQL which tables hold rows of tenants, and tries as each tenant's role to get at others' rows. Everything is undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import errors, sql

from upheld.sources.postgresql.connection import Connected

# Views and foreign tables have no row-level security of their own, and partitions are meant to be reached by their table: all are tried,
# and not held to have it.
TABLES = """
SELECT n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),
       c.relkind IN ('r', 'p') AND NOT c.relispartition
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = %s AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
ORDER BY 1, 2
"""
# A role may act as each that it is a member of, also where it does not inherit from it.
BYPASSES = "SELECT r.rolname FROM pg_roles r WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(%s, r.oid, 'MEMBER') ORDER BY 1"
VISIBLE = "SELECT 1 FROM {table} WHERE {column}::text = %s LIMIT 1"
# A row without a tenant is nobody's.
READ = "SELECT 1 FROM {table} WHERE {column}::text <> %s LIMIT 1"
# One row is enough to show it, and all that is locked until it is undone.
WRITE = """UPDATE {table} SET {column} = {column}
WHERE ctid = ANY (ARRAY (SELECT ctid FROM {table} WHERE {column}::text <> %s LIMIT 1)) RETURNING 1"""
# Whether a row may be put there is asked before whether it is whole (its constraints), and nothing is read.
PLANT = "INSERT INTO {table} ({column}) VALUES (%s)"
INFER = """SELECT 1 FROM pg_catalog.pg_stats
WHERE schemaname = %s AND tablename = %s AND position(%s in most_common_vals::text) > 0 LIMIT 1"""


@dataclass(frozen=True)
class Tenant:
    """The role that acts for a tenant, and what stands in the tenant column of its rows."""

    role: str
    value: str


@dataclass(frozen=True)
class TenantTable:
    """A table with the tenant column; `own`: whether it is a real table, which can have row-level security."""

    schema: str
    name: str
    secured: bool
    forced: bool
    policies: int
    own: bool

    @property
    def said(self) -> str:
        """schema.table."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Probe:
    """What one attempt came to; `succeeded` is None where it could not be tried."""

    tenant: Tenant
    table: str
    attempt: str
    succeeded: bool | None
    said: str


def tenant_tables(connected: Connected, column: str) -> list[TenantTable]:
    """Return every table with the tenant column."""
    return [TenantTable(*row) for row in connected.rows(TABLES, column)]


def role_probe(connected: Connected, tenant: Tenant) -> Probe:
    """Return whether `tenant`'s role bypasses row-level security, itself or by a role that it may act as."""
    found = [str(row[0]) for row in connected.rows(BYPASSES, tenant.role)]
    return Probe(tenant, "*", "bypass", bool(found), f"bypasses row-level security by {', '.join(found)}" if found else "")


class Prober:
    """Tries, as one tenant's role, in a transaction that is always undone."""

    def __init__(self, connected: Connected, column: str, setting: str) -> None:
        self._connected, self._column, self._setting = connected, sql.Identifier(column), setting

    def visible(self, tenant: Tenant, table: TenantTable) -> int:
        """Return how many rows of its own `tenant` sees there, one at most: a table in which nobody has any shows nothing."""
        try:
            return len(self._as(tenant, VISIBLE, table, tenant.value))
        except psycopg.Error:
            return 0

    def probes(self, tenant: Tenant, other: Tenant, table: TenantTable, *, shows: bool) -> list[Probe]:
        """Return what came of reading, changing, planting and inferring; `shows`: whether `other` has rows there at all."""
        return [self._probe(tenant, table, attempt, *query, shows=shows) for attempt, query in self._attempts(tenant, other, table)]

    def _attempts(self, tenant: Tenant, other: Tenant, table: TenantTable) -> list[tuple[str, tuple[LiteralString, Sequence[str]]]]:
        found: list[tuple[str, tuple[LiteralString, Sequence[str]]]] = [("read", (READ, (tenant.value,)))]
        if table.own:
            found.append(("write", (WRITE, (tenant.value,))))
            found.append(("plant", (PLANT, (other.value,))))
            found.append(("infer", (INFER, (table.schema, table.name, other.value))))
        return found

    def _probe(
        self, tenant: Tenant, table: TenantTable, attempt: str, query: LiteralString, values: Sequence[str], *, shows: bool
    ) -> Probe:
        try:
            got = bool(self._as(tenant, query, table, *values))
        except errors.InsufficientPrivilege as error:
            return Probe(tenant, table.said, attempt, False, (error.diag.message_primary or "refused")[:200])
        except errors.IntegrityError:
            got = True  # it was let in, and only then found not to be whole
        except psycopg.Error as error:
            return Probe(tenant, table.said, attempt, None, f"{type(error).__name__} when trying to {attempt}")
        if not got and not shows:
            return Probe(tenant, table.said, attempt, None, "no other tenant has rows there, so nothing is shown")
        return Probe(tenant, table.said, attempt, got, SAID[attempt] if got else "")

    def _as(self, tenant: Tenant, query: LiteralString, table: TenantTable, *values: str) -> list[tuple[Any, ...]]:
        place = sql.Identifier(table.schema, table.name)
        text = sql.SQL(query).format(table=place, column=self._column)
        with self._connected.undone() as cursor:
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(tenant.role)))
            if self._setting:
                cursor.execute("SELECT set_config(%s, %s, true)", (self._setting, tenant.value))
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else [()] * cursor.rowcount


SAID = {
    "read": "reads rows of others",
    "write": "changes rows of others",
    "plant": "puts rows among those of others",
    "infer": "sees values of others in the statistics",
}
