"""Placing: waiting entries get their index, full tiles are stored, and all of it is computed a second time before it counts."""

from collections.abc import Sequence

from django.db import connection, transaction

from upheld.ledger import canonical, entry, envelope, identifier, outbox, tree
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint
from upheld.ledger.continuity import LedgerForked, marked, require_marked
from upheld.ledger.models import INDEX_BITS
from upheld.ledger.outbox import Row, Waiting
from upheld.ledger.store import StoredLog
from upheld.ledger.tiles import WIDTH, Tile, TiledNodes, tile_root
from upheld.ledger.tree import HASH_BYTES, Frontier

BATCH = 4096
_CACHE_KIB = 65_536
_ADVISORY_LOCK = 0x75706865  # "uphe"


class Miscomputed(RuntimeError):
    """Two ways to compute one root differ: memory, disk or code is at fault. Nothing was committed or signed."""


class NotLoggable(ValueError):
    """A row of the outbox is no entry of this log, so that `append` did not write it; a new shard leaves it behind."""


def place_batch(log: StoredLog, marked: Checkpoint | None) -> int:
    """Move up to `BATCH` entries from the outbox into the log, in one transaction, and return how many."""
    with transaction.atomic(), outbox.many_rows():
        _lead()
        waiting = outbox.waiting(log.number, BATCH)
        if waiting:
            size, nodes = _end(log, marked)
            _refuse_strangers(log, waiting)
            _place(log, size, nodes, [(time_id, data) for _, time_id, data in waiting])
            with connection.cursor() as cursor:
                outbox.remove(cursor, log.number, waiting)
        return len(waiting)


def place_now(log: StoredLog, rows: Sequence[Row]) -> bool:
    """Place entries that `append_all` just made, in the current transaction, after all that waits; False if they must wait.

    Only on SQLite: it has one writer at a time anyhow, while on PostgreSQL everybody would wait for this transaction to end.
    """
    if connection.vendor != "sqlite":
        return False
    try:
        mark = marked(log)
        while place_batch(log, mark):
            pass
        size, nodes = _end(log, mark)
    except (LedgerForked, NotLoggable, MalformedCheckpoint):
        return False  # what is wrong is told by whoever sequences; nothing that happened is lost meanwhile
    _place(log, size, nodes, rows)
    return True


def _end(log: StoredLog, marked: Checkpoint | None) -> tuple[int, TiledNodes]:
    """Return how long the log is, and its nodes. Raises `LedgerForked` unless it goes on from what was signed."""
    size = log.size()
    nodes = log.nodes(size)
    require_marked(log, nodes, marked)
    return size, nodes


def _place(log: StoredLog, size: int, nodes: TiledNodes, rows: Sequence[tuple[int, bytes]]) -> None:
    """Store `rows` (first half of the id, bytes) from index `size` on, and the tiles that became full; computed twice."""
    frontier = Frontier(size, tree.peaks(size, nodes))
    frontier.extend([tree.leaf_hash(data) for _, data in rows])
    start = (log.number << INDEX_BITS) + size
    with connection.cursor() as cursor:
        placed = [(position, *row) for position, row in enumerate(rows, start)]
        outbox.insert(cursor, "ledger_entry", ("position", "time_id", "data"), ("int8", "int8", "bytea"), placed)
    if _fold_tiles(log, size, size + len(rows)) != frontier.root():
        raise Miscomputed(f"{log.origin}: two computations of the root at {size + len(rows)} differ; nothing was written")


def _lead() -> None:
    """Be the only one who places, until the transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
        else:  # SQLite has one writer at a time; pages that it need not write twice stay in memory until the commit
            cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _refuse_strangers(log: StoredLog, waiting: list[Waiting]) -> None:
    """Raise `NotLoggable` if any row is not canonical, no entry, another log's, or has an id that is taken."""
    seen: set[str] = set()
    for n, time_id, data in waiting:
        try:
            name, origin = _recognised(data)
        except ValueError as error:
            raise NotLoggable(f"outbox row {n} is no entry: {error}") from error
        if origin != log.origin or identifier.time_id(name) != time_id:
            raise NotLoggable(f"outbox row {n} is not an entry of {log.origin}, or filed under another time than its id's")
        if name in seen:
            raise NotLoggable(f"outbox row {n} has the id {name}, which an earlier row has")
        seen.add(name)
    _refuse_taken(log, seen, waiting[-1][0])


def _recognised(data: bytes) -> tuple[str, str]:
    """Return id and log of the entry `data`. Raises `NotCanonical` or `MalformedEntry`."""
    seen = envelope.glance(data)
    if seen is not None and canonical.is_canonical(seen.body, depth=1):
        return seen.id, seen.log
    fields = entry.check(canonical.read(data))
    return str(fields["id"]), str(fields["log"])


def _refuse_taken(log: StoredLog, names: set[str], last: int) -> None:
    first, end = log.number << INDEX_BITS, (log.number + 1) << INDEX_BITS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data FROM ledger_entry WHERE time_id IN (SELECT time_id FROM ledger_outbox WHERE log = %s AND n <= %s)"
            " AND position >= %s AND position < %s",
            (log.number, last, first, end),
        )
        for (data,) in cursor.fetchall():
            name, _ = _recognised(bytes(data))
            if name in names:
                raise NotLoggable(f"the id {name} is already in {log.origin}")


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
        outbox.insert(cursor, "ledger_tile", ("log", "level", "n", "root", "hashes"), ("int4", "int2", "int8", "bytea", "bytea"), rows)
    return log.root(new)
