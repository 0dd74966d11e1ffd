"""Source kind `tenants`: whether tenants of one PostgreSQL database are kept apart, tried as each of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.sources.postgresql import POSTGRESQL
from upheld.sources.postgresql.connection import Address, BrokenOffError, Connected, RefusedError, address
from upheld.sources.source import Misconfigured, Setting, SourceError
from upheld.sources.tenants.get import Probe, Prober, Tenant, TenantTable, role_probe, tenant_tables
from upheld.sources.tenants.shape import probe_rows, table_rows

OF_THE_CONNECTION = ("host", "port", "database", "user", "password", "ca_file", "allow_plaintext", "timeout")
LEAST = 2  # tenants: one alone has nobody to be kept from
NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.]*$")


@dataclass(frozen=True)
class Tenants:
    """One database, and the tenants that are tried."""

    where: Address
    system: str
    column: str
    setting: str
    tenants: tuple[Tenant, ...]

    def test(self) -> str:
        """Return how many tables of tenants there are; raises `SourceError`."""
        with Connected(self.where) as connected:
            found = self._tables(connected)
        return f"{self.where.said} has {len(found)} tables with a column {self.column}; {len(self.tenants)} tenants to try"

    def collect(self, into: Collecting) -> None:
        """Read the catalogue, and try as each tenant. Nothing that is tried lasts."""
        with Connected(self.where, writes=True) as connected:
            tables = self._tables(connected)
            into.rows("tenant_tables", table_rows(tables, self.system))
            if "tenant_probes" in into.seen:
                into.rows("tenant_probes", probe_rows(self._probes(connected, tables), self.system, clock.now()))

    def _tables(self, connected: Connected) -> list[TenantTable]:
        try:
            return tenant_tables(connected, self.column)
        except (RefusedError, BrokenOffError) as error:
            raise SourceError(f"{self.where.said}: {error}", permanent=isinstance(error, RefusedError)) from error

    def _probes(self, connected: Connected, tables: Sequence[TenantTable]) -> list[Probe]:
        found = [role_probe(connected, tenant) for tenant in self.tenants]
        prober = Prober(connected, self.column, self.setting)
        for table in tables:
            has_rows = [tenant for tenant in self.tenants if prober.visible(tenant, table)]
            for tenant in self.tenants:
                others = [other for other in has_rows if other != tenant]
                other = (others or [each for each in self.tenants if each != tenant])[0]
                found += prober.probes(tenant, other, table, shows=bool(others))
        return found


class TenantsKind:
    """What `upheld source add ... tenants` needs."""

    name: ClassVar[str] = "tenants"
    title: ClassVar[str] = "Tenants of a PostgreSQL database, kept apart by row-level security"
    tables: ClassVar[Sequence[str]] = ("tenant_tables", "tenant_probes")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "systems.id of the database"),
        Setting("tenants", "role=value of each tenant that is tried: its role, and what stands in the column; two at least"),
        Setting("tenant_column", "the column that says whose a row is", "tenant_id"),
        Setting("tenant_setting", "the setting by which the application says whose turn it is, as in app.tenant; empty for none", ""),
        *(each for each in POSTGRESQL.settings if each.name in OF_THE_CONNECTION),
    )
    least_rights: ClassVar[str] = "A role that may act as each of the tenants' roles (GRANT tenant_a TO upheld_prober), and nothing else."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Tenants:
        """Return the source; raises `Misconfigured`."""
        pairs = [word.partition("=") for word in settings["tenants"].split()]
        tenants = tuple(Tenant(role, value) for role, _, value in pairs if role and value)
        if len(tenants) != len(pairs) or len({each.value for each in tenants}) < LEAST:
            raise Misconfigured("tenants: give role=value of two tenants at least, blank between")
        for name in ("tenant_column", "tenant_setting"):
            if settings[name] and not NAME.match(settings[name]):
                raise Misconfigured(f"{name} {settings[name]!r} is no name")
        return Tenants(address(settings), settings["system"], settings["tenant_column"], settings["tenant_setting"], tenants)


TENANTS = TenantsKind()
