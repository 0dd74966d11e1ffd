"""Taking a backup, while others are at work: a stage, verified, archived, and written down as an entry."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.db import transaction
from pyrage import x25519

from upheld import clock
from upheld.backups.recording import Taken, record_taken
from upheld.evidence.collection import Progress, no_progress
from upheld.ledger import identifier, sequencer, signers, store
from upheld.ledger.append import NoLedger
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.keys import sync_directory
from upheld.upkeep import archive, contents, release, sealing, signing, verifying
from upheld.upkeep.errors import Refused
from upheld.upkeep.manifest import Checkpoint, Manifest
from upheld.upkeep.postgresql import require_sqlite
from upheld.upkeep.stage import clear, copy_database, left_behind, new_file, stage, working_on
from upheld.workspace import Workspace

WORKSPACE, KEYS = "workspace", "keys"
# What of the key directory never goes into a backup: the high-water mark, which an older one would undo, and locks and drafts.
_NOT_KEYS = (".mark", ".lock", ".draft", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Target:
    """The file that a backup is to be written to, and the public keys it is encrypted to; none: it is not encrypted."""

    path: Path
    recipients: Sequence[x25519.Recipient] = ()


def take(space: Workspace, target: Target, *, progress: Progress = no_progress) -> Taken:
    """Take a backup of `space`, the current workspace, and enter it in the ledger. Others may be at work in it.

    Keys and the high-water mark do not go along. What is not in order already is said in `wrong`, and the backup is
    taken all the same. Raises `Refused`, `OSError` (a full disk) and what the ledger raises.
    """
    require_sqlite()
    require_outside(space, target.path)
    _sign_what_waits()
    taken = written(space, target, at_work=True, progress=progress)
    with transaction.atomic():
        record_taken(taken)
    _sign_what_waits()
    return taken


def written(space: Workspace, target: Target, *, at_work: bool, progress: Progress) -> Taken:
    """Write a backup of `space` without entering it anywhere. `at_work`: others may be; otherwise all files are taken as they lie.

    A workspace of an older release is written as it lies; its content is not looked at.
    """
    started_at = clock.now()
    for left in left_behind(space.root):
        clear(left)
    with stage(space.root, space) as staged:
        left_out = contents.stage_current(space, staged, progress) if at_work else contents.stage_all(space, staged)
        with working_on(staged):
            manifest = _manifest(started_at, left_out, verifying.wrong(signing.trusted(), progress) if at_work else [])
        manifest = replace(manifest, files=archive.members(staged.root))
        return _write(target, manifest, staged.root, started_at, progress)


def take_keys(space: Workspace, target: Target) -> Taken:
    """Write the key directory of `space` to a file of its own, and enter that in the ledger. The high-water mark does not go along."""
    require_sqlite()
    require_outside(space, target.path)
    started_at = clock.now()
    with stage(space.keys, space) as staged:
        for path in sorted(path for path in space.keys.rglob("*") if path.is_file()):
            inside = path.relative_to(space.keys)
            if not path.name.endswith(_NOT_KEYS) and staged.root.parent.name not in inside.parts:
                (staged.root / inside).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _copy_key(path, staged.root / inside)
        manifest = _manifest(started_at, [], [], content=KEYS, files_of=staged.root)
        taken = _write(target, manifest, staged.root, started_at, no_progress)
    with transaction.atomic():
        record_taken(taken)
    _sign_what_waits()
    return taken


def _copy_key(path: Path, to: Path) -> None:
    if path.read_bytes()[:16] == b"SQLite format 3\0":
        copy_database(path, to)
    else:
        to.write_bytes(path.read_bytes())


def _manifest(
    started_at: datetime, left_out: list[str], wrong: list[str], *, content: str = WORKSPACE, files_of: Path | None = None
) -> Manifest:
    return Manifest(
        backup=identifier.new(started_at),
        content=content,
        product=version("upheld"),
        taken_at=started_at.isoformat(timespec="microseconds"),
        migrations=release.applied(),
        checkpoint=_checkpoint(),
        files=archive.members(files_of) if files_of else [],
        left_out=left_out,
        wrong=wrong,
    )


def _checkpoint() -> Checkpoint | None:
    log = store.current()
    last = log.checkpoint() if log else None
    return Checkpoint(log.origin, last[0], log.root(last[0]).hex()) if log and last else None


def _write(target: Target, manifest: Manifest, root: Path, started_at: datetime, progress: Progress) -> Taken:
    signer = signers.signer_of(manifest.checkpoint.origin) if manifest.checkpoint else None
    signature = signing.signed(manifest.text(), signer)
    with _new_file(target.path) as file:
        with sealing.sealed(file, target.recipients) as sealed:
            archive.write(sealed, manifest, signature, root, progress)
        size = file.seek(0, os.SEEK_END)
    point = manifest.checkpoint
    return Taken(
        id=manifest.backup,
        content=manifest.content,
        path=target.path.absolute(),
        started_at=started_at,
        finished_at=max(clock.now(), started_at),
        files=len(manifest.files),
        size_bytes=size,
        digest=_digest(target.path),
        encrypted=bool(target.recipients),
        product=manifest.product,
        size=point.size if point else None,
        root=point.root if point else None,
        wrong=tuple(manifest.wrong),
        left_out=tuple(manifest.left_out),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file, private to this user, that has the name `path` only once it is whole and on the disk. Never takes another's place."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(6)}.partial")
    try:
        with new_file(aside) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise Refused(f"{path} is there already, and a backup never takes another file's place: choose another name")
        aside.rename(path)
        sync_directory(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def require_outside(space: Workspace, path: Path) -> None:
    """Raise `Refused` for a `path` where a backup would be lost together with what it is a backup of, or take a file's place."""
    place = path.absolute().parent.resolve()
    for own in (space.root.resolve(), space.keys.resolve()):
        if place == own or own in place.parents:
            raise Refused(f"{path} lies in {own}, and would be lost together with it: choose a place outside, on another disk at best")
    if not place.is_dir():
        raise Refused(f"there is no directory {place}: make it, or choose another place")
    if path.exists():
        raise Refused(f"{path} is there already, and a backup never takes another file's place: choose another name")


def _sign_what_waits() -> None:
    """Sign what waits, so that the backup's checkpoint covers it; where the ledger cannot go on, a backup is all the more welcome."""
    with suppress(LedgerForked, NoLedger, MalformedKey, OSError):
        sequencer.sequence()
