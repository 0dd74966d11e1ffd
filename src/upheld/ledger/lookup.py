"""Entries found by their ids, sequenced or still waiting."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from upheld.ledger import identifier
from upheld.ledger.models import Entry, Outbox

_AT_ONCE = 500


def entries(entry_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return the entries (their parsed JSON) with `entry_ids`, by id; one that no log holds is not among them."""
    wanted = set(entry_ids)
    times = sorted({identifier.time_id(entry_id) for entry_id in wanted})
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(times), _AT_ONCE):
        for model in (Entry, Outbox):
            for data in model.objects.filter(time_id__in=times[start : start + _AT_ONCE]).values_list("data", flat=True):
                entry = _read(data)
                if entry.get("id") in wanted:
                    found[entry["id"]] = entry
    return found


def _read(data: bytes | memoryview | str) -> Mapping[str, Any]:
    """Return the entry in `data`; nothing where somebody wrote there what is none (SQLite keeps text in a column of bytes)."""
    try:
        entry = orjson.loads(data.encode() if isinstance(data, str) else bytes(data))
    except orjson.JSONDecodeError:
        return {}
    return entry if isinstance(entry, dict) else {}
