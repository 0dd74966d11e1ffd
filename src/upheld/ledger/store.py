"""Reading the ledger's tables: entries, tiles, nodes and checkpoints of one log. It never writes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from upheld.ledger import spans, tree
from upheld.ledger.models import INDEX_BITS, INDEX_MASK
from upheld.ledger.tiles import WIDTH, Tile, TiledNodes

_CHUNK = 2048


class NoEntry(LookupError):
    """No entry has that index or id in this log."""


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
        for at in range(start, end, _CHUNK):
            yield from self.bundle(at, min(at + _CHUNK, end))

    def bundle(self, start: int, end: int) -> list[bytes]:
        """Return the canonical bytes from index `start` up to `end`, in order. Raises `NoEntry`."""
        within = "FROM ledger_entry WHERE position BETWEEN %s AND %s ORDER BY position"
        with connection.cursor() as cursor:
            cursor.execute(_sql(f"SELECT blob(data) {within}"), self._range(start, end - 1))
            found = [data if type(data) is bytes else bytes(data) for (data,) in cursor.fetchall()]
            if len(found) != end - start:
                cursor.execute(f"SELECT position {within}", self._range(start, end - 1))
                there = {position & INDEX_MASK for (position,) in cursor.fetchall()}
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
