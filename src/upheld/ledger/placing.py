"""Placing: waiting entries get their index, full tiles are stored, and all of it is computed a second time before it counts."""

from dataclasses import dataclass

from django.db import connection, transaction

from upheld.ledger import canonical, entry, identifier, tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.continuity import require_marked
from upheld.ledger.models import INDEX_BITS
from upheld.ledger.store import StoredLog
from upheld.ledger.tiles import WIDTH, Tile, tile_root
from upheld.ledger.tree import HASH_BYTES, Frontier

BATCH = 4096
_ADVISORY_LOCK = 0x75706865  # "uphe"


class Miscomputed(RuntimeError):
    """Two ways to compute one root differ: memory, disk or code is at fault. Nothing was committed or signed."""


class NotLoggable(ValueError):
    """A row of the outbox is no entry of this log, so that `append` did not write it; a new shard leaves it behind."""


@dataclass(frozen=True)
class Waiting:
    """A row of the outbox."""

    n: int
    time_id: int
    data: bytes


def place_batch(log: StoredLog, marked: Checkpoint | None) -> int:
    """Move up to `BATCH` entries from the outbox into the log, in one transaction, and return how many."""
    with transaction.atomic():
        _lead()
        waiting = _waiting(log)
        if not waiting:
            return 0
        size = log.size()
        nodes = log.nodes(size)
        require_marked(log, nodes, marked)
        _refuse_strangers(log, waiting)
        frontier = Frontier(size, tree.peaks(size, nodes))
        for row in waiting:
            frontier.push(tree.leaf_hash(row.data))
        _insert(log, size, waiting)
        root = _fold_tiles(log, size, size + len(waiting))
        if root != frontier.root():
            raise Miscomputed(f"{log.origin}: two computations of the root at {size + len(waiting)} differ; nothing was written")
        return len(waiting)


def _lead() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))


def _waiting(log: StoredLog) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, time_id, data FROM ledger_outbox WHERE log = %s ORDER BY n LIMIT %s", (log.number, BATCH))
        return [Waiting(n, time_id, bytes(data)) for n, time_id, data in cursor.fetchall()]


def _refuse_strangers(log: StoredLog, waiting: list[Waiting]) -> None:
    """Raise `NotLoggable` if any row is not canonical, no entry, another log's, or has an id that is taken."""
    seen: set[str] = set()
    for row in waiting:
        try:
            fields = entry.check(canonical.read(row.data))
        except ValueError as error:
            raise NotLoggable(f"outbox row {row.n} is no entry: {error}") from error
        name = str(fields["id"])
        if fields["log"] != log.origin or identifier.time_id(name) != row.time_id:
            raise NotLoggable(f"outbox row {row.n} is not an entry of {log.origin}, or filed under another time than its id's")
        if name in seen:
            raise NotLoggable(f"outbox row {row.n} has the id {name}, which an earlier row has")
        seen.add(name)
    _refuse_taken(log, seen, waiting[-1].n)


def _refuse_taken(log: StoredLog, names: set[str], last: int) -> None:
    first, end = log.number << INDEX_BITS, (log.number + 1) << INDEX_BITS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data FROM ledger_entry WHERE time_id IN (SELECT time_id FROM ledger_outbox WHERE log = %s AND n <= %s)"
            " AND position >= %s AND position < %s",
            (log.number, last, first, end),
        )
        for (data,) in cursor.fetchall():
            name = str(entry.check(canonical.read(bytes(data)))["id"])
            if name in names:
                raise NotLoggable(f"the id {name} is already in {log.origin}")


def _insert(log: StoredLog, size: int, waiting: list[Waiting]) -> None:
    start = (log.number << INDEX_BITS) + size
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_entry (position, time_id, data) VALUES (%s, %s, %s)",
            [(start + at, row.time_id, row.data) for at, row in enumerate(waiting)],
        )
        # Exactly the rows that were read: on PostgreSQL, lower numbers may have been committed meanwhile.
        if connection.vendor == "sqlite":
            exactly = (log.number, waiting[0].n, waiting[-1].n)
            cursor.execute("DELETE FROM ledger_outbox WHERE log = %s AND n BETWEEN %s AND %s", exactly)
        else:
            cursor.execute("DELETE FROM ledger_outbox WHERE n = ANY(%s)", ([row.n for row in waiting],))


def _fold_tiles(log: StoredLog, old: int, new: int) -> bytes:
    """Store the tiles that became full between sizes `old` and `new`, from entries read back, and return the root that they give.

    This is the second computation: it goes by layers of tiles where the frontier goes leaf by leaf.
    """
    start = old - old % WIDTH
    hashes = b"".join(map(tree.leaf_hash, log.entries(start, new)))
    rows: list[tuple[int, int, int, bytes, bytes]] = []
    level, first = 0, start // WIDTH
    while len(hashes) >= WIDTH * HASH_BYTES:
        full = len(hashes) // (WIDTH * HASH_BYTES)
        pieces = [hashes[at * WIDTH * HASH_BYTES : (at + 1) * WIDTH * HASH_BYTES] for at in range(full)]
        roots = [tile_root(piece) for piece in pieces]
        rows.extend((log.number, level, first + at, roots[at], piece) for at, piece in enumerate(pieces))
        width = first % WIDTH
        below = log.tile(Tile(level + 1, first // WIDTH, width)) if width else b""
        hashes, first, level = below + b"".join(roots), first // WIDTH, level + 1
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO ledger_tile (log, level, n, root, hashes) VALUES (%s, %s, %s, %s, %s)", rows)
    return log.root(new)
