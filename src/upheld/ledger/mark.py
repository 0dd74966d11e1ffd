"""The high-water mark: the last checkpoint that was ever about to be signed, kept where no backup of the database goes.

A database that holds less than its mark, or something else, was restored or replaced. Signing it would fork the log for good.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.keys import sync_directory


class MarkMoved(RuntimeError):
    """The mark is no longer what it was when the caller looked: somebody else advanced it."""


class SequencerBusy(TimeoutError):
    """Another process has been sequencing for longer than one waits."""


def read(path: Path) -> Checkpoint | None:
    """Return the mark in `path`, or None before the first. Raises `MalformedCheckpoint` for anything else in the file."""
    try:
        return checkpoints.parse_body(path.read_bytes().decode("utf-8", "replace"))
    except FileNotFoundError:
        return None


def advance(path: Path, old: Checkpoint | None, new: Checkpoint) -> None:
    """Replace mark `old` in `path` by `new`, on the disk before this returns. Raises `MarkMoved`. Call it inside `locked`."""
    if read(path) != old:
        raise MarkMoved(f"{path} was advanced by another process while this one worked: run it again")
    if new != old:
        write(path, new.text().encode())


def write(path: Path, content: bytes) -> None:
    """Replace what is in `path` by `content`: whole or not at all, and on the disk before this returns."""
    draft = path.with_name(path.name + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_directory(path.parent)


@contextmanager
def locked(directory: Path, patience: float = 30.0) -> Iterator[None]:
    """Hold the sequencer's lock of this key directory. The kernel lets go of it when the process dies.

    Raises `SequencerBusy` after `patience` seconds.
    """
    descriptor = os.open(directory / "sequencer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(descriptor, patience)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise SequencerBusy(f"another process has been sequencing the ledger for {patience:.0f} seconds") from error
            time.sleep(0.02)
        else:
            return
