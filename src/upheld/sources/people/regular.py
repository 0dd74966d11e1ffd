"""Bytes of a regular file, of a size that a list can have: a pipe would hang, a device never ends."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from upheld.sources.source import SourceError

LARGEST_BYTES = 200_000_000


@dataclass(frozen=True)
class Content:
    """What a file held, and when it was last changed, in seconds since 1970."""

    raw: bytes
    changed: float


def content(path: Path, largest: int = LARGEST_BYTES) -> Content:
    """Return what the regular file at `path` (or where a link there leads) holds, of at most `largest` bytes.

    Raises `OSError`, or `SourceError` for anything else; a file that is too large is refused before it is read.
    """
    # Opening a pipe without this waits for a writer; the kind of file is asked of what was opened, so that it cannot be exchanged.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise SourceError(f"it is {_kind(about.st_mode)}; only a regular file is read", permanent=True)
        raw = b""
        if about.st_size <= largest:
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                raw = file.read(largest + 1)
    finally:
        os.close(descriptor)
    if max(len(raw), about.st_size) > largest:
        raise SourceError(f"it has more than {largest // 1_000_000} MB; files of more are not read", permanent=True)
    return Content(raw, about.st_mtime)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device"
