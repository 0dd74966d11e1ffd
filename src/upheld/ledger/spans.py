"""Entries by their ids: each 256 have a row that says between which times their ids lie, so that no index of all of them is needed.

Ids begin with a time, and entries stand nearly in its order: an id is in one stretch of 256, rarely in a second, or behind the last.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

import orjson
from django.db import connection

from upheld.ledger import identifier
from upheld.ledger.models import INDEX_BITS, INDEX_MASK
from upheld.ledger.tiles import WIDTH

_NONE = "00000000-0000-0000-0000-000000000000"
_FEW = 4  # ids that the database looks for by itself, in C
# Canonical JSON has one spelling, and no text in it has a bare quote; what a body holds comes before.
_ID = re.compile(rb',"id":"([0-9a-f-]{36})","kind":"')
_HOLDS = {"sqlite": "instr(data, %s) > 0", "postgresql": "position(%s IN data) > 0"}
_BLOB = {"sqlite": "CAST(data AS BLOB)", "postgresql": "data"}  # SQLite keeps text in a column of bytes if somebody writes text there


def row(log: int, n: int, ids: Sequence[str]) -> tuple[int, int, int, int]:
    """Return the row of the stretch `n` of a log, in which entries have these `ids`."""
    return log, n, identifier.time_id(min(ids)), identifier.time_id(max(ids))  # as texts they sort by time, too


def id_of(data: bytes) -> str:
    """Return the id of the entry `data`; one of all zeros for what is no entry."""
    found = _ID.findall(data)
    return found[-1].decode() if found else _NONE


def find(log: int, size: int, ids: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """Return index and bytes of those of `ids` that the first `size` entries of `log` have, by id."""
    wanted = {each for each in ids if identifier.is_valid(each)}
    found: dict[str, tuple[int, bytes]] = {}
    for n, some in _stretches(log, size, wanted) if wanted else ():
        for position, data in _read((log << INDEX_BITS) + n * WIDTH, some):
            if (name := _name(data)) in wanted:
                found.setdefault(name, (position & INDEX_MASK, data))
    return found


def _stretches(log: int, size: int, wanted: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each stretch of 256 in which some of the ids `wanted` may stand, with these; the last, not yet full, is always one."""
    ids = sorted(wanted)  # and so by time
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT n, "first", "last" FROM ledger_span WHERE log = %s AND "last" >= %s AND "first" <= %s ORDER BY n DESC',
            (log, identifier.time_id(ids[0]), identifier.time_id(ids[-1])),
        )
        spans = cursor.fetchall()
    if size % WIDTH:
        yield size // WIDTH, ids
    times = [identifier.time_id(each) for each in ids] if spans else []
    for n, first, last in spans:
        if some := ids[bisect_left(times, first) : bisect_right(times, last)]:
            yield n, some


def _read(start: int, ids: Sequence[str]) -> Iterable[tuple[int, bytes]]:
    """Return position and bytes of the entries of a stretch that may have one of `ids`."""
    vendor = connection.vendor
    few = [f'"id":"{each}"'.encode() for each in ids] if len(ids) <= _FEW else []
    only = f" AND ({' OR '.join([_HOLDS[vendor]] * len(few))})" if few else ""
    with connection.cursor() as cursor:
        statement = f"SELECT position, {_BLOB[vendor]} FROM ledger_entry WHERE position BETWEEN %s AND %s{only}"  # noqa: S608 - from above
        cursor.execute(statement, (start, start + WIDTH - 1, *few))
        return [(position, bytes(data)) for position, data in cursor.fetchall()]


def _name(data: bytes) -> str:
    try:
        entry = orjson.loads(data)
    except orjson.JSONDecodeError:
        return ""
    return str(entry.get("id")) if isinstance(entry, dict) else ""
