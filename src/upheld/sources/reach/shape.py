"""Which ports were reached -> rows. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from upheld.evidence.table import Row
from upheld.sources.reach.get import Target


def probe_rows(told: Mapping[Target, bool | None], system: str, at: datetime, *, shows: bool) -> Iterator[Row]:
    """Yield a row for each port. Unless it `shows` something (what must be reached was), that others were not is unknown."""
    for target, reached in told.items():
        yield {
            "id": f"{system}/{target.host}/{target.port}",
            "from_system_id": system,
            "to_system_id": target.system,
            "address": target.host,
            "port": target.port,
            "reached": reached or (reached if shows else None),
            "probed_at": at,
        }
