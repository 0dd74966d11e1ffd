"""Keys by whom they are for: made at random, found by a keyed hash of the identity, and in one of three states.

*Active*; *held* (readable, and no erasure destroys it while a legal hold lasts); *destroyed* (known to have been, and gone).
A key that this store never had is none of these, and says so: a lost store must never pass for an erasure.
"""

import hmac
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias, TypeVar

from upheld import clock, workspace
from upheld.vault import epoch
from upheld.vault.key import Destroyed, Key, KeyDestroyed, KeyHeld, KeyUnknown, Scope, State, Whose
from upheld.vault.store import Store

CACHED_SECONDS = 60

Got = TypeVar("Got")
Asking: TypeAlias = Callable[[sqlite3.Connection], Got]


class Vault:
    """The key store in `directory`. Keys are held in memory for at most a minute, and not beyond a destruction anywhere."""

    def __init__(self, directory: Path) -> None:
        self.store = Store(directory)
        self._cache: dict[object, Key] = {}
        self._secrets: dict[str, bytes] = {}
        self._since = (self.store.count(), 0.0)

    def of(self, whose: Whose) -> Key | None:
        """Return the key for `whose`; None if there is none (yet, or any more: who was erased is no longer known)."""
        self._refresh()
        if whose not in self._cache:
            self._read(lambda connection: self._look_up(connection, [whose]))
        return self._cache.get(whose)

    def made_for(self, all_whose: Iterable[Whose]) -> Mapping[Whose, Key | None]:
        """Return the key for each of `all_whose`, made where there is none; None for whoever was erased and is fenced off."""
        self._refresh()
        wanted = set(all_whose)
        if missing := [whose for whose in wanted if whose not in self._cache]:
            self._read(lambda connection: self._look_up(connection, missing))
            if missing := [whose for whose in missing if whose not in self._cache]:
                self._make(missing)
        return {whose: self._cache.get(whose) for whose in wanted}

    def open(self, key_id: str) -> Key:
        """Return the key called `key_id`. Raises `KeyDestroyed`, `KeyUnknown` or `epoch.EpochLost`."""
        self._refresh()
        found = self._cache.get(key_id)
        return found or self._read(lambda connection: self._open(connection, key_id))

    def types(self) -> list[str]:
        """Return the types that people went by in entries (person, visitor): words, no names."""
        return [name for (name,) in self.store.read.execute("SELECT name FROM type ORDER BY name").fetchall()]

    def state(self, key_id: str) -> State:
        """Return the state of the key called `key_id`. Raises `KeyUnknown`."""
        return State(self._row(self.store.read, key_id)[0])

    def known(self, key_ids: Collection[str]) -> set[str]:
        """Return those of `key_ids` that this store has, in whatever state."""
        return {each for (each,) in self.store.read.execute("SELECT id FROM key")} & set(key_ids)

    def scope(self, key_id: str) -> Scope:
        """Return what the key called `key_id` is for. Raises `KeyUnknown`."""
        found = self.store.read.execute("SELECT scope FROM key WHERE id = ?", (key_id,)).fetchone()
        if found is None:
            raise KeyUnknown(f"{self.store.path} has no key {key_id}")
        return Scope(found[0])

    def hash(self, kind: str, *parts: str) -> bytes:
        """Return the keyed hash under which an identity is found: 32 bytes that tell nothing without this store."""
        return hmac.digest(self.secret("index-key"), "\x00".join((kind, *parts)).encode(), sha256)

    def secret(self, name: str) -> bytes:
        """Return the store's own secret called `name` (index-key)."""
        self._refresh()
        if name not in self._secrets:
            self._secrets[name] = self._read(lambda connection: self._own(connection, name))
        return self._secrets[name]

    def dossier(self, persons: Iterable[tuple[str, str]]) -> Key | None:
        """Return a new key for one text that names `persons` (type, id), and remember, by keyed hash, that it names them.

        None if one of them was erased and is fenced off: such a text is not kept.
        """
        hashes = {self.hash("person", type, id) for type, id in persons}
        with self.store.writing() as connection:
            if any(_fenced(connection, each) for each in hashes):
                return None
            key = self._new(connection, Scope.CASE)
            connection.executemany("INSERT INTO naming (dossier, person) VALUES (?, ?)", ((key.id, each) for each in hashes))
        return key

    def dossiers_naming(self, type: str, id: str) -> list[str]:
        """Return the ids of the keys of texts that name the person (`type`, `id`) and were not destroyed."""
        found = self.store.read.execute(
            "SELECT dossier FROM naming JOIN key ON key.id = dossier WHERE naming.person = ? AND wrapped IS NOT NULL ORDER BY dossier",
            (self.hash("person", type, id),),
        )
        return [dossier for (dossier,) in found.fetchall()]

    def dossier_without(self, dossier: str, persons: Iterable[tuple[str, str]]) -> Key:
        """Return a new key for what is left of the text under the key `dossier`, which names whom that named but for `persons`."""
        out = {self.hash("person", type, id) for type, id in persons}
        with self.store.writing() as connection:
            key = self._new(connection, Scope.CASE)
            named = connection.execute("SELECT person FROM naming WHERE dossier = ?", (dossier,)).fetchall()
            rest = [(key.id, person) for (person,) in named if bytes(person) not in out]
            connection.executemany("INSERT INTO naming (dossier, person) VALUES (?, ?)", rest)
        return key

    def renewed(self, whose: Whose) -> Key:
        """Return a new key for `whose`, and let it take the place of the one before, which opens by its id what it sealed."""
        with self.store.writing() as connection:
            key = self._new(connection, whose.scope, self._person(connection, whose))
            connection.execute("INSERT OR REPLACE INTO identity (hash, key) VALUES (?, ?)", (self._hash(connection, whose), key.id))
        self.store.bump()
        return key

    def destroy(self, key_ids: Iterable[str]) -> Destroyed:
        """Destroy the keys called `key_ids` with all that finds them, and wrap the others anew: older copies of this store are dead.

        Idempotent: keys that are destroyed already, or were never here, are passed over; the latter are remembered as
        destroyed. Raises `KeyHeld`, destroying none, if a legal hold keeps one of them.
        """
        wanted = sorted(set(key_ids))
        with self.store.writing() as connection:
            self._begin(connection)
            settle(connection)
            gone = sum(_end(connection, key_id) for key_id in wanted)
            rewrapped = epoch.rotate(self.store, connection)
            number = epoch.current(connection)
        epoch.sweep(self.store)
        self.store.forget()
        assert number is not None
        return Destroyed(gone, rewrapped, number)

    def forget(self) -> None:
        """Drop what this process holds in memory."""
        self._cache.clear()
        self._secrets.clear()

    def _refresh(self) -> None:
        count, since = self.store.count(), self._since
        if count != since[0] or time.monotonic() > since[1]:
            self.forget()
            self._since = (count, time.monotonic() + CACHED_SECONDS)

    def _read(self, ask: Asking[Got]) -> Got:
        """Ask in one snapshot; once more if an epoch ended meanwhile and took its key away."""
        self._ready()
        with suppress(epoch.EpochLost):
            return self._snapshot(ask)
        return self._snapshot(ask)

    def _snapshot(self, ask: Asking[Got]) -> Got:
        connection = self.store.read
        if connection.in_transaction:
            return ask(connection)
        connection.execute("BEGIN")
        try:
            return ask(connection)
        finally:
            connection.execute("COMMIT")

    def _ready(self) -> None:
        if epoch.current(self.store.read) is None:
            with self.store.writing() as connection:
                self._begin(connection)

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Make the first epoch and the store's own secrets, where there are none."""
        if epoch.current(connection) is not None:
            return
        first = epoch.create(self.store, 1)
        connection.execute("INSERT INTO meta (name, value) VALUES ('epoch', 1)")
        connection.execute("INSERT INTO meta (name, value) VALUES ('index-key', ?)", (epoch.wrap(os.urandom(32), first),))

    def _epoch(self, connection: sqlite3.Connection) -> bytes:
        number = epoch.current(connection)
        assert number is not None
        return epoch.load(self.store, number)

    def _own(self, connection: sqlite3.Connection, name: str) -> bytes:
        (wrapped,) = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return epoch.unwrap(wrapped, self._epoch(connection))

    def _look_up(self, connection: sqlite3.Connection, wanted: Iterable[Whose]) -> None:
        for whose in wanted:
            found = connection.execute("SELECT key FROM identity WHERE hash = ?", (self._hash(connection, whose),)).fetchone()
            if found is not None:
                self._cache[whose] = self._open(connection, found[0])

    def _make(self, missing: Iterable[Whose]) -> None:
        made: dict[object, Key] = {}
        with self.store.writing() as connection:
            self._look_up(connection, missing)  # somebody else may have been quicker
            self._begin(connection)
            wrapping = self._epoch(connection)
            for whose in missing:
                if whose not in self._cache and not _fenced(connection, self._person(connection, whose)):
                    key = self._new(connection, whose.scope, self._person(connection, whose), wrapping)
                    connection.execute("INSERT INTO identity (hash, key) VALUES (?, ?)", (self._hash(connection, whose), key.id))
                    connection.execute("INSERT OR IGNORE INTO type (name) VALUES (?)", (whose.type,))
                    made[whose] = made[key.id] = key
        self._cache.update(made)

    def _new(self, connection: sqlite3.Connection, scope: Scope, person: bytes | None = None, wrapping: bytes = b"") -> Key:
        self._begin(connection)
        key = Key(os.urandom(16).hex(), os.urandom(32))
        state = State.HELD if person and _held(connection, person) else State.ACTIVE
        row = (key.id, scope, state, person, epoch.wrap(key.secret, wrapping or self._epoch(connection)), clock.now().isoformat())
        connection.execute("INSERT INTO key (id, scope, state, person, wrapped, created_at) VALUES (?, ?, ?, ?, ?, ?)", row)
        return key

    def _hash(self, connection: sqlite3.Connection, whose: Whose) -> bytes:
        secret = self._secrets.get("index-key") or self._secrets.setdefault("index-key", self._own(connection, "index-key"))
        return hmac.digest(secret, "\x00".join(("key", whose.scope, whose.type, whose.id)).encode(), sha256)

    def _person(self, connection: sqlite3.Connection, whose: Whose) -> bytes:
        self._hash(connection, whose)  # loads the secret
        return hmac.digest(self._secrets["index-key"], "\x00".join(("person", whose.type, whose.id)).encode(), sha256)

    def _open(self, connection: sqlite3.Connection, key_id: str) -> Key:
        state, wrapped, destroyed_at = self._row(connection, key_id)
        if state == State.DESTROYED:
            raise KeyDestroyed(f"key {key_id} was destroyed at {destroyed_at}: what it sealed is erased")
        key = self._cache[key_id] = Key(key_id, epoch.unwrap(wrapped, self._epoch(connection)))
        return key

    def _row(self, connection: sqlite3.Connection, key_id: str) -> tuple[str, bytes, str]:
        found = connection.execute("SELECT state, wrapped, destroyed_at FROM key WHERE id = ?", (key_id,)).fetchone()
        if found is None:
            raise KeyUnknown(
                f"{self.store.path} has no key {key_id}: it was lost or is another's; that is no erasure. Bring its backup back."
            )
        row: tuple[str, bytes, str] = found
        return row


def here() -> Vault:
    """Return the key store of the current workspace, in its key directory."""
    return _at(workspace.current().keys)


@lru_cache(maxsize=8)
def _at(directory: Path) -> Vault:
    return Vault(directory)


def _fenced(connection: sqlite3.Connection, person: bytes) -> bool:
    asked = (person, clock.now().isoformat())
    return connection.execute("SELECT 1 FROM fence WHERE hash = ? AND expires_at > ?", asked).fetchone() is not None


def _held(connection: sqlite3.Connection, person: bytes) -> bool:
    asked = (person, clock.now().isoformat())
    return connection.execute(f"{_HOLDS} AND held.person = ? AND until > ?", asked).fetchone() is not None


def settle(connection: sqlite3.Connection) -> None:
    """Bring every key into the state that the holds lasting now give it."""
    now = {"now": clock.now().isoformat()}
    connection.execute(f"UPDATE key SET state = 'active' WHERE state = 'held' AND person NOT IN ({_HELD})", now)  # noqa: S608  a fixed text
    connection.execute(f"UPDATE key SET state = 'held' WHERE state = 'active' AND person IN ({_HELD})", now)  # noqa: S608  a fixed text


_HOLDS = "SELECT held.person FROM held JOIN hold ON hold.id = held.hold WHERE released_at IS NULL"
_HELD = f"{_HOLDS} AND until > :now"


def _end(connection: sqlite3.Connection, key_id: str) -> int:
    """Destroy one key; return 1 if it was still there. Its identity and what it names go with it."""
    found = connection.execute("SELECT state, scope FROM key WHERE id = ?", (key_id,)).fetchone()
    if found is not None and found[0] == State.HELD:
        raise KeyHeld(f"key {key_id} is under a legal hold and was not destroyed: see `upheld hold list`")
    at = clock.now().isoformat()
    if found is None:
        connection.execute(
            "INSERT INTO key (id, scope, state, created_at, destroyed_at) VALUES (?, 'subject', 'destroyed', ?, ?)", (key_id, at, at)
        )
    connection.execute(
        "UPDATE key SET state = 'destroyed', wrapped = NULL, person = NULL, destroyed_at = ? WHERE id = ? AND wrapped IS NOT NULL",
        (at, key_id),
    )
    connection.execute("DELETE FROM identity WHERE key = ?", (key_id,))
    connection.execute("DELETE FROM naming WHERE dossier = ?", (key_id,))
    return int(found is not None and found[0] != State.DESTROYED)
