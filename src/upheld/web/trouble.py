"""What errors that somebody can do something about say, told apart from those that nobody foresaw. Pure, and imports no Django.

They are known by the names of their classes: an error may come before Django is set up, when modules of models cannot be imported.
"""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

# Each says itself what happened, to whom, and what to do.
SAYS_ITSELF = frozenset(
    (
        "AccountError",
        "ContractBroken",
        "DidNotStart",
        "DiskFailed",
        "DocumentError",
        "DutiesMisconfigured",
        "ErasuresOwed",
        "FromNewerRelease",
        "HistoryError",
        "InUse",
        "KeyExposed",
        "KeyLost",
        "LedgerForked",
        "MalformedCheckpoint",
        "MalformedKey",
        "MalformedOrigin",
        "MarkMoved",
        "MeasureError",
        "NoLedger",
        "NoticesMisconfigured",
        "NoSecret",
        "NotDurable",
        "NotInstalled",
        "NotLoggable",
        "NotOurs",
        "NotPublished",
        "NotUpgraded",
        "OriginTaken",
        "PolicyError",
        "Rotating",
        "SequencerBusy",
        "SourceError",
        "TokenFailed",
        "UnknownClauseError",
        "UntrustedRotation",
        "UpkeepError",
    )
)
_DATABASE = frozenset(("OperationalError", "DatabaseError"))
_REMEDIES = {
    errno.ENOSPC: "free space on that disk and run it again; nothing that was unfinished counts",
    errno.EDQUOT: "free space within your quota and run it again; nothing that was unfinished counts",
    errno.EROFS: "make it writable, or use a workspace that is",
    errno.EACCES: "let this user read and write it",
    errno.EPERM: "let this user read and write it",
    errno.ENOENT: "bring it back, or correct its name",
    errno.ENOTDIR: "something on the way to it is a file where a directory should be; correct that",
    errno.EISDIR: "it is a directory where a file should be; move it away",
    errno.EMFILE: "raise the limit on open files (ulimit -n) and run it again",
    errno.EIO: "the disk may be failing; look at it before anything is written again",
    errno.EADDRINUSE: "something else listens there; choose another port",
}
_SQLITE = (
    ("readonly", "make it and its directory writable for this user"),
    ("unable to open", "let this user read and write it and its directory, and see that the disk is mounted"),
    ("full", "free space on that disk and run it again; nothing that was unfinished counts"),
    ("disk i/o", "see that the disk is well and has space left, and run it again; nothing that was unfinished counts"),
    ("locked", "another process is writing; run it again when that has ended"),
    ("malformed", "restore it from a backup; upheld ledger verify says whether what it holds is what was signed"),
    ("not a database", "restore it from a backup; upheld ledger verify says whether what it holds is what was signed"),
    ("no such table", "run upheld upgrade, if it was made by an older release; else restore a backup"),
    ("no such column", "run upheld upgrade, if it was made by an older release; else restore a backup"),
)


@dataclass(frozen=True)
class Trouble:
    """An error that was foreseen, in a sentence; `source` where a source, and not what is here, is to be looked at."""

    said: str
    source: bool = False


def trouble(error: BaseException, database: Path) -> Trouble | None:
    """Return what to say of `error`, or None for one that nobody foresaw; `database` is named where SQLite fails."""
    names = {each.__name__ for each in type(error).__mro__}
    if names & SAYS_ITSELF:
        return Trouble(str(error) or type(error).__name__, "SourceError" in names and "Misconfigured" not in names)
    if isinstance(error, UnicodeDecodeError):
        return Trouble(f"a file of the workspace is not UTF-8 (its byte {error.start}); upheld doctor names it, save it as UTF-8")
    if isinstance(error, OSError):
        return Trouble(of_file(error)) if error.strerror else None
    if names & _DATABASE:
        return _database(error, database)
    return None


def of_file(error: OSError) -> str:
    """Return the sentence about the file that `error` names, or the directory that keeps it away, and what to do."""
    if error.errno in (errno.EACCES, errno.EPERM) and (way := _in_the_way(error.filename)):
        out_of_reach = f"{os.fsdecode(error.filename)} is out of reach"
        return f"{way.directory}: this user may not {way.may_not}, so {out_of_reach}; let this user read, write and enter it"
    names = " and ".join(os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes))
    remedy = _REMEDIES.get(error.errno or 0, "look whether it is there and this user may use it")
    said = str(error.strerror)
    return f"{names + ': ' if names else ''}{said[:1].lower() + said[1:]}; {remedy}"


@dataclass(frozen=True)
class _Way:
    directory: Path
    may_not: str


def _in_the_way(name: object) -> _Way | None:
    """Return the directory on the way to the file `name` that keeps this user from it; None where the file itself does."""
    if not isinstance(name, str | bytes):
        return None
    path = Path(os.path.abspath(os.fsdecode(name)))  # noqa: PTH100  links are not followed: the name is to be recognised
    for directory in reversed(path.parents):
        if directory.is_dir() and not os.access(directory, os.X_OK):
            return _Way(directory, "enter it")
    return (
        None if os.path.lexists(path) or not path.parent.is_dir() or os.access(path.parent, os.W_OK) else _Way(path.parent, "write into it")
    )


def _database(error: BaseException, database: Path) -> Trouble | None:
    said = " ".join(str(error).split())
    for sign, remedy in _SQLITE:
        if sign in said.lower():
            return Trouble(f"database {database}: {said}; {remedy}")
    if "connection" in said.lower():
        return Trouble(f"the database does not answer: {said}; see that PostgreSQL runs and that UPHELD_DATABASE names its service")
    return None
