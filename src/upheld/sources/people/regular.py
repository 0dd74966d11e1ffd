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


def content(path: Path) -> Content:
    """Return what the regular file at `path` (or where a link there leads) holds; raises `OSError`, or `SourceError` for anything else."""
    # Opening a pipe without this waits for a writer; the kind of file is asked of what was opened, so that it cannot be exchanged.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise SourceError(f"it is {_kind(about.st_mode)}; only a regular file is read", permanent=True)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            raw = file.read(LARGEST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(raw) > LARGEST_BYTES:
        raise SourceError(f"it has more than {LARGEST_BYTES // 1_000_000} MB; lists of more are not read", permanent=True)
    return Content(raw, about.st_mtime)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device"
