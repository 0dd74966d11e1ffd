"""The epoch key: it wraps every other key, is replaced after each destruction, and with it every older copy of the store is dead.

It lies in a file of its own, so that a copy of the store without that file opens nothing, and one with a past epoch's file nothing either.
"""

import os
import sqlite3
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from upheld.vault.store import Store, VaultExposed

KEY_BYTES = 32
ELSEWHERE = "UPHELD_EPOCH_KEYS"  # a directory on another volume, that no backup of the key directory takes along

# Everything that is wrapped: how to find it, and how to put it back.
_WRAPPED = (
    ("SELECT value, name FROM meta WHERE name LIKE '%-key'", "UPDATE meta SET value = ? WHERE name = ?"),
    ("SELECT wrapped, id FROM key WHERE wrapped IS NOT NULL", "UPDATE key SET wrapped = ? WHERE id = ?"),
    ("SELECT token, id FROM erasure WHERE token IS NOT NULL", "UPDATE erasure SET token = ? WHERE id = ?"),
)


class EpochLost(RuntimeError):
    """The key that wraps all others is not there, or is another: nothing sealed can be opened until it is brought back."""


def directory(store: Store) -> Path:
    """Return where epoch keys lie: `UPHELD_EPOCH_KEYS`, else beside the store."""
    chosen = os.environ.get(ELSEWHERE)
    return Path(chosen) if chosen else store.directory


def path(store: Store, number: int) -> Path:
    """Return the file of epoch `number`."""
    return directory(store) / f"epoch-{number}.key"


def current(connection: sqlite3.Connection) -> int | None:
    """Return the number of the epoch in force; None before the first."""
    found = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()
    return None if found is None else int(found[0])


def load(store: Store, number: int) -> bytes:
    """Return the key of epoch `number`. Raises `EpochLost`, and `VaultExposed` if others could read it."""
    file = path(store, number)
    try:
        if file.stat().st_mode & 0o077:
            raise VaultExposed(f"{file} can be read by others: run chmod 600 on it")
        key = file.read_bytes()
    except FileNotFoundError as error:
        raise EpochLost(f"{file} is gone, and every personal value is sealed under it: bring it back from where you keep it") from error
    if len(key) != KEY_BYTES:
        raise EpochLost(f"{file} holds {len(key)} bytes instead of {KEY_BYTES}: bring it back from where you keep it")
    return key


def create(store: Store, number: int) -> bytes:
    """Make the key of epoch `number`, on the disk before this returns; one left by a rotation that was stopped is replaced."""
    file, key = path(store, number), os.urandom(KEY_BYTES)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    _sync(file.parent)
    return key


def rotate(store: Store, connection: sqlite3.Connection) -> int:
    """Wrap everything under a new epoch's key, in the transaction of `connection`, and return how many keys that were.

    The old epoch's key is still there until `sweep`, which must follow once the transaction counts.
    """
    number = current(connection)
    assert number is not None, "a store that holds keys has an epoch"
    old, new = load(store, number), create(store, number + 1)
    done = sum(_rewrap(connection, select, update, old, new) for select, update in _WRAPPED)
    connection.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (number + 1,))
    return done


def sweep(store: Store) -> int:
    """Destroy the keys of all epochs but the one in force, and return how many there were."""
    with store.writing() as connection:  # or a rotation at work could lose the key that it has just made
        number = current(connection)
        over = [] if number is None else [file for file in directory(store).glob("epoch-*.key") if file != path(store, number)]
        for file in over:
            _destroy(file)
        if over:
            _sync(directory(store))
    return len(over)


def wrap(key: bytes, epoch: bytes) -> bytes:
    """Return `key` (32 bytes) wrapped under the key `epoch` (AES-256 key wrap, RFC 3394)."""
    return aes_key_wrap(epoch, key)


def unwrap(wrapped: bytes, epoch: bytes) -> bytes:
    """Return the key that was `wrapped` under the key `epoch`. Raises `EpochLost` if it was another one."""
    try:
        return aes_key_unwrap(epoch, wrapped)
    except InvalidUnwrap as error:
        raise EpochLost("a key does not open under the epoch key in force: store and epoch key are of different times") from error


def _rewrap(connection: sqlite3.Connection, select: str, update: str, old: bytes, new: bytes) -> int:
    rows = connection.execute(select).fetchall()
    connection.executemany(update, ((wrap(unwrap(wrapped, old), new), name) for wrapped, name in rows))
    return len(rows)


def _destroy(file: Path) -> None:
    """Overwrite `file`, then remove it. Disks that write elsewhere instead keep the old bytes for a while: docs/design/erasure.md."""
    with file.open("r+b") as opened:
        opened.write(os.urandom(KEY_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
