"""Finding entries by their subject: an index beside the log, derived from it, brought up to date when asked, and made anew at will."""

from hashlib import sha256

import orjson
from django.db import connection, transaction

from upheld.ledger import store
from upheld.ledger.entry import IMPERSONAL
from upheld.ledger.models import INDEX_BITS, INDEX_MASK, Mention
from upheld.ledger.store import StoredLog

_CHUNK = 4096
_INSERT = "INSERT INTO ledger_mention (link, position) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_READ_TO = 0  # not a digest: its rows say up to which position a log was read


def positions(type: str, id: str) -> list[tuple[StoredLog, int]]:
    """Return log and index of the sequenced entries that have the subject (`type`, `id`) in the clear, oldest first."""
    logs = {log.number: log for log in store.all_logs()}
    for log in logs.values():
        _read_on(log)
    found = Mention.objects.filter(link=_link(type, id)).order_by("position").values_list("position", flat=True)
    places = [(logs[position >> INDEX_BITS], position & INDEX_MASK) for position in found if position >> INDEX_BITS in logs]
    return [(log, index) for log, index in places if _subject(log.entry(index)) == (type, id)]


def scanned(type: str, id: str) -> list[tuple[StoredLog, int]]:
    """Return what `positions` returns, found by reading every entry: who can write to the database can take rows out of an index."""
    found = []
    for log in store.all_logs():
        entries = enumerate(log.entries(0, log.size()))
        found += [(log, index) for index, data in entries if id.encode() in data and _subject(data) == (type, id)]
    return found


def differing() -> list[str]:
    """Return a sentence for each log whose index, as far as it was read, is not what its entries give when it is made anew."""
    found = []
    for log in store.all_logs():
        first = log.number << INDEX_BITS
        rows = set(Mention.objects.filter(position__gte=first, position__lte=first + INDEX_MASK).values_list("link", "position"))
        read = max((position & INDEX_MASK for link, position in rows if link == _READ_TO), default=-1) + 1
        there = {(link, position) for link, position in rows if link != _READ_TO}
        size = min(read, log.size())
        anew = {(_link(*subject), first + index) for index, data in enumerate(log.entries(0, size)) if (subject := _subject(data))}
        if there != anew or read > size:
            odd = len(there ^ anew)
            found.append(f"the index of {log.origin} by subject is not what its entries give: {odd:,} rows differ; read with --scan")
    return found


def _read_on(log: StoredLog) -> None:
    """Index the entries of `log` that were sequenced since the last time."""
    first, end = log.number << INDEX_BITS, log.size()
    marks = Mention.objects.filter(link=_READ_TO, position__gte=first, position__lte=first + INDEX_MASK)
    last = marks.order_by("-position").values_list("position", flat=True).first()
    start = 0 if last is None else (last & INDEX_MASK) + 1
    while start < end:
        stop = min(start + _CHUNK, end)
        found = [(index, _subject(data)) for index, data in enumerate(log.entries(start, stop), start)]
        rows = [(_link(*subject), first + index) for index, subject in found if subject is not None]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(_INSERT, [*rows, (_READ_TO, first + stop - 1)])
            marks.filter(position__lt=first + stop - 1).delete()
        start = stop


def _subject(data: bytes) -> tuple[str, str] | None:
    """Return type and id of the entry's subject, if it stands in the clear."""
    if b'"subject":{"id":' not in data:
        return None
    try:
        subject = orjson.loads(data).get("subject")
    except orjson.JSONDecodeError:
        return None  # somebody changed it; `upheld ledger verify` names it
    if not isinstance(subject, dict) or subject.get("type") not in IMPERSONAL:
        return None
    return str(subject["type"]), str(subject["id"])


def _link(type: str, id: str) -> int:
    """Return 63 bits of a digest, never `_READ_TO`; who looks up compares the subject itself."""
    return (int.from_bytes(sha256(f"{type}\x00{id}".encode()).digest()[:8], "big") >> 1) or 1
