"""Who is connected right now, to rows of sessions."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from upheld.evidence.table import Value
from upheld.sources.postgresql.connection import Connected

Row = dict[str, Value]
# Programs at which people sit; of others nobody can tell.
BY_HAND = ("psql", "pgAdmin", "DBeaver", "DataGrip", "pgcli")


class Backend(NamedTuple):
    """A row of pg_stat_activity; without pg_monitor the times and addresses of others are NULL."""

    pid: int
    role: int
    name: str
    started_at: datetime | None
    active_at: datetime | None
    address: str | None
    application: str | None


def backends(connected: Connected) -> list[Backend]:
    """Return the sessions of clients but our own; raises as `Connected.rows` does."""
    return [
        Backend(*row)
        for row in connected.rows(
            """SELECT pid, usesysid::int8, usename, backend_start, state_change, host(client_addr), application_name
               FROM pg_stat_activity WHERE usesysid IS NOT NULL AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'walsender'"""
        )
    ]


def session_rows(found: Iterable[Backend], system: str) -> Iterator[Row]:
    """Yield a row for each session."""
    for each in found:
        began = f"{each.started_at:%Y%m%dT%H%M%S.%f}" if each.started_at else "untold"
        yield {
            "id": f"{each.pid}@{began}",
            "system_id": system,
            "account_id": str(each.role),
            "identifier": each.name,
            "way": "database",
            "interactive": True if (each.application or "").startswith(BY_HAND) else None,
            "remote": each.address not in ("127.0.0.1", "::1") if each.address else (False if each.started_at else None),
            "from_address": each.address,
            "started_at": each.started_at,
            "active_at": each.active_at,
        }
