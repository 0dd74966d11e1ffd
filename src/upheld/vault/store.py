"""The file of the key store: SQLite beside the ledger's key, 0600, deleted content overwritten, and a counter that ends caches.

It is a store of its own, so that a backup of the workspace carries no key, and so that it can have a short life of its own.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE, COUNTER = "vault.sqlite3", "vault.count"
PATIENCE_SECONDS = 20

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS key (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('active', 'held', 'destroyed')),
    person BLOB, wrapped BLOB, created_at TEXT NOT NULL, destroyed_at TEXT,
    CHECK ((state = 'destroyed') = (wrapped IS NULL)), CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identity (hash BLOB PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS identity_key ON identity (key);
CREATE TABLE IF NOT EXISTS type (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS naming (dossier TEXT NOT NULL, person BLOB NOT NULL, PRIMARY KEY (dossier, person)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS naming_person ON naming (person);
CREATE TABLE IF NOT EXISTS hold (
    id TEXT PRIMARY KEY, reason BLOB, until TEXT NOT NULL, set_at TEXT NOT NULL, released_at TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (hold TEXT NOT NULL, person BLOB NOT NULL, PRIMARY KEY (hold, person)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fence (
    hash BLOB PRIMARY KEY, erasure TEXT NOT NULL, own INTEGER NOT NULL, expires_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erasure (
    id TEXT PRIMARY KEY, step TEXT NOT NULL, started_at TEXT NOT NULL, done_at TEXT, token BLOB, plan BLOB, keys TEXT NOT NULL, receipt TEXT
) WITHOUT ROWID;
"""


class VaultExposed(PermissionError):
    """The key store, or a key beside it, could be read by others than its owner."""


class Store:
    """The key store's file in `directory`; made on first use. Each thread of each process has a connection of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._local = threading.local()

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.directory / FILE

    @property
    def exists(self) -> bool:
        """Whether it was made already."""
        return self.path.exists()

    @property
    def read(self) -> sqlite3.Connection:
        """The connection of this thread, for reading. Raises `VaultExposed`."""
        opened = getattr(self._local, "opened", None)
        if opened is None or opened[0] != (os.getpid(), self._inode()):
            opened = self._local.opened = self._open()
        connection: sqlite3.Connection = opened[1]
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the store for writing: all that happens in the block counts, or nothing does; it is on the disk afterwards."""
        connection = self.read
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def forget(self) -> None:
        """Take what was deleted out of the write-ahead log, too, and end every process's cache."""
        self.bump()
        self.read.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def bump(self) -> None:
        """End every process's cache: the counter is a new file, which costs those who look a microsecond."""
        draft = self.directory / f".{COUNTER}.{os.getpid()}.{threading.get_ident()}"
        draft.touch(mode=0o600)
        draft.write_bytes(os.urandom(8))
        draft.replace(self.directory / COUNTER)

    def count(self) -> tuple[int, int]:
        """What changes whenever a key was destroyed, held or re-wrapped, in this process or another, or the store was replaced."""
        try:
            seen = (self.directory / COUNTER).stat()
        except FileNotFoundError:
            return (0, 0)
        return (seen.st_ino, seen.st_mtime_ns)

    def close(self) -> None:
        """Close this thread's connection."""
        opened = getattr(self._local, "opened", None)
        if opened is not None:
            opened[1].close()
            self._local.opened = None

    def _inode(self) -> int:
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return 0

    def _open(self) -> tuple[tuple[int, int], sqlite3.Connection]:
        if not self.path.exists():
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
            self.bump()
        if self.path.stat().st_mode & 0o077:
            raise VaultExposed(f"{self.path} can be read by others: run chmod 600 on it")
        connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(_SCHEMA)
        return (os.getpid(), self._inode()), connection
