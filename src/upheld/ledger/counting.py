"""Entries left out: each emitter counts what it hands over, so that one that never arrived in the log leaves a gap in the count."""

import re
from collections.abc import Iterable

from django.db import connection

from upheld.ledger.models import Emitter
from upheld.ledger.store import StoredLog

_CHUNK = 2048
# Canonical JSON ends in ...,"src":{"id":"app","n":7}[,"subject":{...}],"ts":"...","v":1}; an emitter's name has no quote in it.
_SOURCE = re.compile(rb'"src":\{"id":"([a-z][a-z0-9_-]{0,63})","n":([1-9][0-9]{0,15})\}(?:,"subject":\{[^{}]*\})?,"ts":"[^"]{27}","v":1\}$')


def gaps(log: StoredLog) -> list[str]:
    """Return a sentence for each emitter of `log` whose last entries are neither in the log nor waiting for it.

    The log is read from its end until every emitter was met; gaps further back are for `upheld ledger verify` to find.
    """
    counted = dict(Emitter.objects.filter(log=log.number).values_list("name", "n"))
    waiting = _waiting(log)
    placed = _last_placed(log, {name for name, count in counted.items() if count})
    found = []
    for name, count in sorted(counted.items()):
        due, numbers = placed.get(name, 0) + 1, sorted(waiting.get(name, []))
        if numbers != list(range(due, count + 1)):
            lost = next((number for number in range(due, count + 1) if number not in set(numbers)), count + 1)
            found.append(f"{name} handed over {count:,} entries, and number {lost:,} is neither in the log nor waiting: it was taken out")
    return found


def _waiting(log: StoredLog) -> dict[str, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM ledger_outbox WHERE log = %s ORDER BY n", (log.number,))
        rows = [bytes(data) for (data,) in cursor.fetchall()]
    found: dict[str, list[int]] = {}
    for name, number in _sources(rows):
        found.setdefault(name, []).append(number)
    return found


def _last_placed(log: StoredLog, names: set[str]) -> dict[str, int]:
    """Return the highest number of each of `names` in the log; numbers only go up, so that the chunk nearest the end decides."""
    found: dict[str, int] = {}
    end = log.size()
    while end and not found.keys() >= names:
        start = max(0, end - _CHUNK)
        here: dict[str, int] = {}
        for name, number in _sources(log.entries(start, end)):
            here[name] = max(number, here.get(name, 0))
        found = here | found
        end = start
    return found


def _sources(rows: Iterable[bytes]) -> list[tuple[str, int]]:
    """Return emitter and number of those of `rows` that are entries."""
    return [(match[1].decode(), int(match[2])) for row in rows if (match := _SOURCE.search(row))]
