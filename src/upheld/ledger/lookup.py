"""Entries found by their ids, sequenced or still waiting."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from upheld.ledger import spans, store
from upheld.ledger.models import Outbox


def entries(entry_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return the entries (their parsed JSON) with `entry_ids`, by id; one that no log holds is not among them."""
    wanted = set(entry_ids)
    found = {name: orjson.loads(data) for log in store.all_logs() for name, (_, data) in spans.find(log.number, log.size(), wanted).items()}
    if missing := wanted - found.keys():
        waiting = (_read(data) for data in Outbox.objects.values_list("data", flat=True))
        found |= {entry["id"]: entry for entry in waiting if entry.get("id") in missing}
    return found


def numbers(entry_ids: Iterable[str]) -> dict[str, int]:
    """Return the index at which each entry stands in its log, by id; those that still wait to be placed are left out."""
    wanted = set(entry_ids)
    return {name: index for log in store.all_logs() for name, (index, _) in spans.find(log.number, log.size(), wanted).items()}


def _read(data: bytes | memoryview | str) -> Mapping[str, Any]:
    """Return the entry in `data`; nothing where somebody wrote there what is none (SQLite keeps text in a column of bytes)."""
    try:
        entry = orjson.loads(data.encode() if isinstance(data, str) else bytes(data))
    except orjson.JSONDecodeError:
        return {}
    return entry if isinstance(entry, dict) else {}
