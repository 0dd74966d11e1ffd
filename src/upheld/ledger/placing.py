"""Placing: waiting entries get their index, full tiles are stored, and all of it is computed a second time before it counts."""

from collections.abc import Sequence
from itertools import chain

from django.db import connection, transaction

from upheld.ledger import canonical, entry, envelope, outbox, spans, tree
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint
from upheld.ledger.continuity import LedgerForked, marked, require_marked
from upheld.ledger.models import INDEX_BITS
from upheld.ledger.outbox import Waiting
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
            names = _recognised_all(log, size, waiting)
            _place(log, size, nodes, names, [data for _, data in waiting])
            with connection.cursor() as cursor:
                outbox.remove(cursor, log.number, waiting, (log.number << INDEX_BITS) + size)
        return len(waiting)


def place_now(log: StoredLog, names: Sequence[str], texts: Sequence[bytes]) -> bool:
    """Place entries that `append_all` just made, by their ids and texts, in the current transaction, after what waits; False if not.

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
    _place(log, size, nodes, names, texts)
    return True


def _end(log: StoredLog, marked: Checkpoint | None) -> tuple[int, TiledNodes]:
    """Return how long the log is, and its nodes. Raises `LedgerForked` unless it goes on from what was signed."""
    size = log.size()
    nodes = log.nodes(size)
    require_marked(log, nodes, marked)
    return size, nodes


def _place(log: StoredLog, size: int, nodes: TiledNodes, names: Sequence[str], texts: Sequence[bytes]) -> None:
    """Store entries, with these ids and texts, from index `size` on, and the tiles that became full; computed twice."""
    frontier = Frontier(size, tree.peaks(size, nodes))
    frontier.extend(tree.leaf_hashes(texts))
    new = size + len(texts)
    with connection.cursor() as cursor:
        outbox.place(cursor, (log.number << INDEX_BITS) + size, texts)
        stretches = _spans(log, size, names)
        outbox.insert(cursor, "ledger_span", ("log", "n", "first", "last"), ("int4", "int8", "int8", "int8"), stretches)
    if _fold_tiles(log, size, new) != frontier.root():
        raise Miscomputed(f"{log.origin}: two computations of the root at {new} differ; nothing was written")


def _spans(log: StoredLog, old: int, names: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return the rows of the stretches of 256 that became full when entries with these ids were placed after `old`."""
    start = old - old % WIDTH
    full = (old + len(names)) // WIDTH - start // WIDTH
    if not full:
        return []
    ids = [*map(spans.id_of, log.entries(start, old)), *names[: start + full * WIDTH - old]]
    return [spans.row(log.number, start // WIDTH + at, ids[at * WIDTH : (at + 1) * WIDTH]) for at in range(full)]


def _lead() -> None:
    """Be the only one who places, until the transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
        else:  # SQLite has one writer at a time; pages that it need not write twice stay in memory until the commit
            cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _recognised_all(log: StoredLog, size: int, waiting: list[Waiting]) -> list[str]:
    """Return the ids of what waits. Raises `NotLoggable` if a row is not canonical, no entry, another log's, or its id is taken."""
    seen: dict[str, None] = {}
    for n, data in waiting:
        try:
            name, origin = _recognised(data)
        except ValueError as error:
            raise NotLoggable(f"outbox row {n} is no entry: {error}") from error
        if origin != log.origin:
            raise NotLoggable(f"outbox row {n} is not an entry of {log.origin}")
        if name in seen:
            raise NotLoggable(f"outbox row {n} has the id {name}, which an earlier row has")
        seen[name] = None
    for name in spans.find(log.number, size, seen):
        raise NotLoggable(f"the id {name} is already in {log.origin}")
    return list(seen)


def _recognised(data: bytes) -> tuple[str, str]:
    """Return id and log of the entry `data`. Raises `NotCanonical` or `MalformedEntry`."""
    seen = envelope.glance(data)
    if seen is not None and canonical.is_canonical(seen.body, depth=1):
        return seen.id, seen.log
    fields = entry.check(canonical.read(data))
    return str(fields["id"]), str(fields["log"])


def _fold_tiles(log: StoredLog, old: int, new: int) -> bytes:
    """Store the tiles that became full between sizes `old` and `new`, from entries read back, and return the root that they give.

    This is the second computation: it goes by layers of tiles where the frontier goes leaf by leaf.
    """
    start = old - old % WIDTH
    hashes = b"".join(chain.from_iterable(map(tree.leaf_hashes, log.chunks(start, new))))
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
