"""Reading the ledger's tables: entries, tiles, nodes and checkpoints of one log. It never writes."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection

from upheld.ledger import outbox, spans, tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.models import INDEX_BITS, INDEX_MASK
from upheld.ledger.models import Checkpoint as Checkpoints
from upheld.ledger.tiles import WIDTH, Tile, TiledNodes

_CHUNK = 2048
_KEPT_EDGES = 64
# The right edge of a tree, half of what a proof costs, by its size and root: whatever database it is from, it gives that root.
_edges: OrderedDict[tuple[int, bytes], list[bytes]] = OrderedDict()


class NoEntry(LookupError):
    """No entry has that index or id in this log."""


class NotAsSigned(LookupError):
    """What is stored does not give the root that was signed, so that no proof can be had from it."""


@dataclass(frozen=True)
class StoredLog:
    """One log as stored: its number and its origin."""

    number: int
    origin: str

    def size(self) -> int:
        """Return how many entries are sequenced."""
        last = _one("SELECT max(position) FROM ledger_entry WHERE position BETWEEN %s AND %s", *self._range(0, INDEX_MASK))
        return 0 if last is None else (int(last) & INDEX_MASK) + 1

    def entry(self, index: int) -> bytes:
        """Return the canonical bytes at `index`. Raises `NoEntry`."""
        found = _one(_sql("SELECT blob(data) FROM ledger_entry WHERE position = %s"), self._position(index)) if index >= 0 else None
        if found is None:
            raise NoEntry(f"{self.origin} has no entry {index}")
        return bytes(found)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the canonical bytes from index `start` up to `end`, in order. Raises `NoEntry` at the first that is not there."""
        return chain.from_iterable(self.chunks(start, end))

    def chunks(self, start: int, end: int) -> Iterator[list[bytes]]:
        """Yield the canonical bytes from index `start` up to `end`, many at a time. Raises `NoEntry`."""
        for at in range(start, end, _CHUNK):
            yield self.bundle(at, min(at + _CHUNK, end))

    def bundle(self, start: int, end: int) -> list[bytes]:
        """Return the canonical bytes from index `start` up to `end`, in order. Raises `NoEntry`."""
        within = "FROM ledger_entry WHERE position BETWEEN %s AND %s ORDER BY position"
        found = [data for (data,) in outbox.rows(_sql(f"SELECT blob(data) {within}"), self._range(start, end - 1))]
        if len(found) != end - start:
            there = {position & INDEX_MASK for (position,) in outbox.rows(f"SELECT position {within}", self._range(start, end - 1))}
            raise NoEntry(f"{self.origin} has no entry {min(set(range(start, end)) - there)}, although it should")
        return found

    def index_of(self, entry_id: str) -> int:
        """Return the index of the entry with that id. Raises `NoEntry`."""
        if found := spans.find(self.number, self.size(), [entry_id]):
            return found[entry_id][0]
        raise NoEntry(f"{self.origin} has no entry {entry_id}: it may still be waiting to be sequenced")

    def tile(self, tile: Tile) -> bytes:
        """Return the hashes of `tile`: a full one as stored, a partial one from what lies below. Raises `NoEntry`."""
        if tile.width == WIDTH:
            sql = _sql("SELECT blob(hashes) FROM ledger_tile WHERE log = %s AND level = %s AND n = %s")
            found = _one(sql, self.number, tile.level, tile.n)
            if found is None:
                raise NoEntry(f"{self.origin} lacks {tile.path}")
            return bytes(found)
        start = tile.n * WIDTH
        if tile.level == 0:
            return b"".join(tree.leaf_hashes(self.entries(start, start + tile.width)))
        with connection.cursor() as cursor:
            cursor.execute(
                _sql("SELECT blob(root) FROM ledger_tile WHERE log = %s AND level = %s AND n BETWEEN %s AND %s ORDER BY n"),
                (self.number, tile.level - 1, start, start + tile.width - 1),
            )
            return b"".join(bytes(root) for (root,) in cursor.fetchall())

    def nodes(self, size: int, keep: int = 256) -> TiledNodes:
        """Return the nodes of the tree of the first `size` entries, for roots and proofs."""
        return TiledNodes(self.tile, size, keep)

    def nodes_under(self, checkpoint: Checkpoint) -> TiledNodes:
        """Return the nodes of the tree under `checkpoint`. Raises `NotAsSigned` if what is stored does not give its root."""
        nodes, key = self.nodes(checkpoint.size), (checkpoint.size, checkpoint.root)
        if key not in _edges:
            _edges[key] = self._edge(checkpoint, nodes)
            if len(_edges) > _KEPT_EDGES:
                _edges.popitem(last=False)
        nodes.know_edge(_edges[key])
        return nodes

    def _edge(self, checkpoint: Checkpoint, nodes: TiledNodes) -> list[bytes]:
        try:
            edge = tree.peaks(checkpoint.size, nodes)
            if tree.folded(edge) == checkpoint.root:
                return edge
        except (NoEntry, tree.MalformedHash):
            pass  # as below: tiles or entries are missing
        raise NotAsSigned(
            f"the first {checkpoint.size:,} entries of {self.origin} do not give the root that was signed for them, so that nothing can be "
            "proven: `upheld ledger verify` says what differs"
        )

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries, from tiles."""
        return tree.root_at(size, self.nodes(size))

    def checkpoint(self, size: int | None = None) -> tuple[int, str] | None:
        """Return size and note of the last checkpoint (at `size`, if given), or None."""
        sql = "SELECT size, note FROM ledger_checkpoint WHERE log = %s"
        exact, parameters = ("", [self.number]) if size is None else (" AND size = %s", [self.number, size])
        with connection.cursor() as cursor:
            cursor.execute(f"{sql}{exact} ORDER BY size DESC LIMIT 1", parameters)
            found: tuple[int, str] | None = cursor.fetchone()
        return found

    def checkpoints(self, most: int) -> list[tuple[int, datetime]]:
        """Return size and instant of the last checkpoints, newest first, at most so many."""
        rows = Checkpoints.objects.filter(log=self.number).order_by("-size").values_list("size", "signed_at")
        return list(rows[:most])

    def waiting(self) -> int:
        """Return how many entries of this log have been handed over and not yet sequenced."""
        return int(_one("SELECT count(*) FROM ledger_outbox WHERE log = %s", self.number) or 0)

    def _position(self, index: int) -> int:
        return (self.number << INDEX_BITS) + index

    def _range(self, start: int, last: int) -> tuple[int, int]:
        return self._position(start), self._position(last)


def current() -> StoredLog | None:
    """Return the log that is written to, or None before `init`."""
    logs = all_logs()
    return logs[-1] if logs else None


def all_logs() -> list[StoredLog]:
    """Return every log, in the order they were opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, origin FROM ledger_log ORDER BY number")
        return [StoredLog(number, origin) for number, origin in cursor.fetchall()]


def _sql(statement: str) -> str:
    """Return `statement` with `blob(column)` as bytes: SQLite keeps text in a column of bytes if somebody writes text there."""
    return _as_blobs(statement, connection.vendor)


@lru_cache
def _as_blobs(statement: str, vendor: str) -> str:
    return re.sub(r"blob\((\w+)\)", r"CAST(\1 AS BLOB)" if vendor == "sqlite" else r"\1", statement)


def _one(sql: str, *parameters: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = cursor.fetchone()
    return found[0] if found else None
