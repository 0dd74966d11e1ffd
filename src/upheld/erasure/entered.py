"""Entries about erasures, found in the logs by what they say: the ledger remembers what was destroyed when nothing else does."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson
from django.db import connection

from upheld.ledger.entry import instant_text
from upheld.ledger.profile import Json
from upheld.ledger.store import StoredLog, all_logs

LEEWAY = timedelta(hours=1)  # for clocks that were set in between
_TIME = re.compile(rb'"ts":"([^"]+)","v":1\}$')
_DESTROYED = b'"kind":"key.destroyed"'


def entered(erasure: str, kind: str, since: datetime) -> str:
    """Return the id of the entry of `kind` about `erasure`, sequenced or waiting, made at the instant `since` or later; "" if none was."""
    wanted = (f'"erasure":"{erasure}"'.encode(), f'"kind":"{kind}"'.encode())
    before = instant_text(since - LEEWAY).encode()
    for data in _newest_first():
        if (at := _TIME.search(data)) and at[1] < before:
            break
        if all(part in data for part in wanted):
            return str(orjson.loads(data)["id"])
    return ""


def destroyed(since: dict[str, int]) -> set[str]:
    """Return the ids of the keys of whose destruction the logs tell; of each log, from the entry whose index `since` gives."""
    return {key for log in all_logs() for data in _entries(log, since.get(log.origin, 0)) if (key := _key(data))} | {
        key for data in _waiting() if (key := _key(data))
    }


def sizes() -> dict[str, int]:
    """Return how many entries each log has."""
    return {log.origin: log.size() for log in all_logs()}


def _key(data: bytes) -> str:
    if _DESTROYED not in data:
        return ""
    body: Json = orjson.loads(data)["body"]
    return str(body["key"]) if isinstance(body, dict) and "key" in body else ""


def _entries(log: StoredLog, start: int) -> Iterator[bytes]:
    return log.entries(start, log.size())


def _newest_first() -> Iterator[bytes]:
    yield from _waiting()
    for log in reversed(all_logs()):
        size = log.size()
        for end in range(size, 0, -1024):
            yield from reversed(list(log.entries(max(0, end - 1024), end)))


def _waiting() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM ledger_outbox ORDER BY n DESC")
        return [bytes(data) for (data,) in cursor.fetchall()]
