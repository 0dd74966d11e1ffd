"""What a witness last saw of each log it watches, in the key directory: no backup of the database takes it back.

A file a log holds the last checkpoint, as a note with the log's signature and ours; before the first, the empty tree. Like the
high-water mark (and named so) it goes into no backup of the keys. A file that is gone is not taken for a log never seen: a
witness that forgets would cosign a fork.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import cosignature, mark
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint, VerificationKey
from upheld.ledger.continuity import key_directory
from upheld.ledger.tree import EMPTY_ROOT


class Forgotten(RuntimeError):
    """What was last seen of a log is gone from the key directory, or cannot be read any more."""


@dataclass(frozen=True)
class Seen:
    """The last checkpoint cosigned of a log, when (POSIX seconds; 0 before the first), and the note; none before the first."""

    checkpoint: Checkpoint
    at: int = 0
    note: bytes = b""


def begin(origin: str) -> None:
    """Make the file for a log never watched before; does nothing for one that was, however long ago."""
    path = _path(origin)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with locked(origin):
        if not path.exists():
            mark.write(path, Checkpoint(origin, 0, EMPTY_ROOT).text().encode())


def read(origin: str, key: VerificationKey) -> Seen:
    """Return what was last seen of `origin` and cosigned by our own `key`. Raises `Forgotten`."""
    path = _path(origin)
    try:
        found = path.read_bytes()
        if b"\n\n" not in found:
            return Seen(checkpoints.parse_body(found.decode("utf-8", "replace")))
        checkpoint, signatures = checkpoints.parse(found)
    except (FileNotFoundError, MalformedCheckpoint) as error:
        raise Forgotten(f"what this witness last saw of {origin} is gone from {path}, or damaged: retire this witness") from error
    mine = [cosignature.timestamp(line) for line in signatures if (line.name, line.key_id) == (key.name, key.id)]
    return Seen(checkpoint, max(mine, default=0), found)


def write(origin: str, note: bytes) -> None:
    """Replace what was last seen of `origin`, on the disk before this returns. Call it inside `locked`."""
    mark.write(_path(origin), note)


@contextmanager
def locked(origin: str) -> Iterator[None]:
    """Let nobody else cosign for `origin` meanwhile, in whatever thread or process."""
    path = _path(origin)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _path(origin: str) -> Path:
    return key_directory() / "witnessed" / f"{sha256(origin.encode()).hexdigest()}.mark"
