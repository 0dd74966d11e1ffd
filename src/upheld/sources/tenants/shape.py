"""What the catalogue and the probes said -> rows. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from upheld.evidence.table import Row
from upheld.sources.tenants.get import Probe, TenantTable


def table_rows(tables: Iterable[TenantTable], system: str) -> Iterator[Row]:
    """Yield a row for each real table; what is only a view has no row-level security, and is tried."""
    for each in tables:
        if each.own:
            told = {"secured": each.secured, "forced": each.forced, "policies": each.policies}
            yield {"id": f"{system}/{each.said}", "system_id": system, "name": each.said, **told}


def probe_rows(probes: Iterable[Probe], system: str, at: datetime) -> Iterator[Row]:
    """Yield a row for each attempt."""
    for each in probes:
        yield {
            "id": f"{system}/{each.tenant.role}/{each.table}/{each.attempt}",
            "system_id": system,
            "role": each.tenant.role,
            "name": each.table,
            "attempt": each.attempt,
            "succeeded": each.succeeded,
            "said": each.said or None,
            "probed_at": at,
        }
