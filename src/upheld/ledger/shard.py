"""Opening a log: its key, its row and its first entries, in one transaction; the first log, and the one that goes on from another."""

import re
from collections.abc import Mapping

from django.db import connection, transaction

from upheld import clock
from upheld.ledger import append, canonical, entry, keys, mark, models, outbox
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.continuity import file_name, key_directory
from upheld.ledger.entry import Actor
from upheld.ledger.models import Log
from upheld.ledger.profile import Json
from upheld.ledger.store import StoredLog

_ORIGIN = re.compile(r"(?P<log>[a-z0-9]([a-z0-9.-]*[a-z0-9])?/ledger/[a-z0-9]([a-z0-9-]*[a-z0-9])?)/(?P<shard>[1-9][0-9]{0,8})", re.ASCII)


class OriginTaken(RuntimeError):
    """A log of that origin was signed before: it is never used again, not even after everything was deleted."""


class MalformedOrigin(ValueError):
    """An origin that is not <domain>/ledger/<tenant>/<shard>."""


def open_first(origin: str) -> None:
    """Open the first log, `origin`. Raises `MalformedOrigin` or `OriginTaken`. Call it inside `mark.locked`."""
    parse(origin)
    _open(origin, None, "", entry.SYSTEM, append.NOTHING)


def open_next(old: StoredLog, reason: str, actor: Actor, more: Mapping[str, Json]) -> None:
    """Open the log after `old`; its first entry names it, its last checkpoint, the `reason` and `more`. Call it inside `mark.locked`."""
    found = parse(old.origin)
    _open(f"{found['log']}/{int(found['shard']) + 1}", old, reason, actor, more)


def _open(origin: str, old: StoredLog | None, reason: str, actor: Actor, more: Mapping[str, Json]) -> None:
    """Write key, log and first entries of `origin` in one transaction."""
    directory = key_directory()
    if (directory / file_name(origin, "mark")).exists():
        raise OriginTaken(f"{origin} was signed before, and an origin is never used twice: choose the next number")
    path = directory / file_name(origin, "key")
    signer = keys.load(path) if path.exists() else keys.create(path, origin)
    key = signer.key.text()
    with transaction.atomic():
        number = 0 if old is None else old.number + 1
        Log.objects.create(number=number, origin=origin, opened_at=clock.now())
        if old is not None:
            waiting, left_behind = _waiting(old)
            last = _last_signed(old)
            named = {
                "origin": old.origin,
                "checkpoint": None if last is None else last.text(),
                "reason": reason,
                "left_behind": left_behind,
                **more,
            }
            models.Witness.objects.filter(removed_at=None).update(trouble="")  # what it said was said of the old log
            append.append("shard.opened", body=named, subject=("ledger", origin), actor=actor)
        append.append("key.created", body={"key": key, "algorithm": "Ed25519"}, subject=("key", signer.key.id.hex()), actor=actor)
        if old is not None:
            for fields in waiting:
                append.readdress(origin, fields)


def _last_signed(old: StoredLog) -> Checkpoint | None:
    """Return the mark of `old`: what was last signed, even if the database no longer has it; without a mark, what the database has."""
    marked = mark.read(key_directory() / file_name(old.origin, "mark"))
    stored = old.checkpoint()
    return marked if marked is not None or stored is None else checkpoints.parse(stored[1].encode())[0]


def _waiting(old: StoredLog) -> tuple[list[dict[str, Json]], int]:
    """Return the entries that wait in `old`, and how many rows there are none: those stay where they are.

    They keep their ids, so that their commitments hold in another log.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM ledger_outbox WHERE log = %s ORDER BY n", (old.number,))
        rows = [outbox.as_bytes(data) for (data,) in cursor.fetchall()]
    found: dict[str, dict[str, Json]] = {}
    for data in rows:
        try:
            fields = entry.check(canonical.read(data))
        except ValueError:
            continue  # counted as left behind
        if fields["log"] == old.origin:
            found.setdefault(str(fields["id"]), fields)
    return list(found.values()), len(rows) - len(found)


def parse(origin: str) -> re.Match[str]:
    """Return `origin` in its parts, `log` and `shard`. Raises `MalformedOrigin`."""
    found = _ORIGIN.fullmatch(origin)
    if found is None or len(origin) > 200:
        raise MalformedOrigin(f"{origin[:80]!r} is not <domain>/ledger/<tenant>/<shard>, such as example.com/ledger/main/1")
    return found
