"""A disk that fails while the ledger is written: the process that saw it refuses to go on, for good.

Once a sync has failed, the kernel may report the next one as done although what was written is lost; who tries again signs what
no disk holds. Only what a new process reads is there. (PostgreSQL ends itself for the same reason.)
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

_IOERR = 10  # SQLITE_IOERR; its kinds are in the higher bits
_failed: list[str] = []


class DiskFailed(RuntimeError):
    """The disk failed to write or sync in this process. It must end; nothing that was not acknowledged counts."""


@contextmanager
def trusted() -> Iterator[None]:
    """Let the block write. Raises `DiskFailed` where the disk fails it, and in this process from then on."""
    if _failed:
        raise DiskFailed(_told(f"failed before ({_failed[0]})"))
    try:
        yield
    except (OSError, DatabaseError) as error:
        if not _is_failure(error):
            raise
        _failed.append(str(error))
        raise DiskFailed(_told(f"failed ({error})")) from error


def _told(what: str) -> str:
    return (
        f"the disk under the ledger {what}: nothing was signed that it does not hold. End this process, look at the disk, and start again; "
        "do not go on if it fails once more"
    )


def _is_failure(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.EIO
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and (getattr(cause, "sqlite_errorcode", 0) & 0xFF) == _IOERR
