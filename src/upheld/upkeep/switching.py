"""Putting one directory in another's place in one step, so that whoever is killed leaves the old or the new one, never half of each."""

import ctypes
import errno
import os
from pathlib import Path

from upheld import clock
from upheld.ledger.keys import sync_directory
from upheld.upkeep.errors import Refused

_AT_FDCWD = -100  # as in fcntl.h: paths are not relative to an open directory
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_UNKNOWN_THERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def require_replaceable(root: Path) -> None:
    """Raise `Refused` where another directory cannot be put in the place of `root`."""
    if root.is_mount():
        raise Refused(
            f"{root} is where a disk or volume is mounted, which cannot be exchanged in one step: "
            "mount it one directory higher, and let the workspace be a directory in it"
        )


def put_in_place(new: Path, root: Path) -> Path | None:
    """Put the directory `new` in the place of `root`, and return where the old one lies now; None if there was none.

    `new` lies on the same file system. It first takes the name under which the old one will lie; then the two are exchanged.
    """
    if not root.exists():
        new.rename(root)
        sync_directory(root.parent)
        return None
    aside = root.with_name(f"{root.name}.aside-{clock.now():%Y%m%dT%H%M%S%fZ}")
    new.rename(aside)
    sync_directory(root.parent)
    _exchange(aside, root)
    sync_directory(root.parent)
    return aside


def put_aside(root: Path) -> list[Path]:
    """Return the states that were put aside for `root`, oldest first."""
    return sorted(root.parent.glob(f"{root.name}.aside-*")) if root.parent.is_dir() else []


def _exchange(one: Path, other: Path) -> None:
    """Exchange two directories in one step of the kernel; where the file system cannot, in two, of which the first leaves both whole."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2") and libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return
    failed = ctypes.get_errno() or errno.ENOSYS
    if failed not in _UNKNOWN_THERE:
        raise OSError(failed, os.strerror(failed), str(other))
    exchange_in_turn(one, other)


def exchange_in_turn(one: Path, other: Path) -> None:
    """Exchange two directories by renaming them: for a moment there is none called `other`, and both states are whole beside it."""
    away = one.with_name(f"{one.name}-old")
    other.rename(away)
    one.rename(other)
    away.rename(one)
