"""Bringing a backup back: unpacked beside the workspace, verified in full, and put in its place in one step - or only tried."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pyrage import x25519

from upheld import clock
from upheld.backups.models import Backup
from upheld.backups.recording import Tested, record_tested
from upheld.erasure.reapplying import Reapplied, reapply
from upheld.evidence.collection import Progress, no_progress
from upheld.ledger import identifier, sequencer
from upheld.ledger.append import append
from upheld.ledger.checkpoint import MalformedKey, VerificationKey
from upheld.ledger.continuity import LedgerForked
from upheld.upkeep import release, sealing, signing, switching, verifying
from upheld.upkeep.archive import Opened
from upheld.upkeep.errors import FromNewerRelease, Refused, Unsound, Unusable
from upheld.upkeep.manifest import Manifest
from upheld.upkeep.postgresql import require_sqlite
from upheld.upkeep.stage import clear, left_behind, stage, working_on
from upheld.workspace import Workspace, alone


@dataclass(frozen=True)
class Source:
    """The file that a backup is in, what opens it, and whose signature is trusted beside the keys in the key directory.

    `unsigned` takes it as it is: nothing then shows whose it is.
    """

    path: Path
    identities: Sequence[x25519.Identity] = ()
    trusted: Sequence[VerificationKey] = ()
    unsigned: bool = False


@dataclass(frozen=True)
class Restored:
    """What came back: the backup's manifest, how many changes of tables were applied to it, what was erased again, where the
    old state lies now, and, if the ledger does not go on by itself, the sentence that says how it does."""

    manifest: Manifest
    upgraded: int
    erased: Reapplied
    aside: Path | None
    way_on: str


def restore(space: Workspace, source: Source, *, despite: bool = False, progress: Progress = no_progress) -> Restored:
    """Put the backup in `source` in the place of `space`, the current workspace, all or nothing; the old state is kept beside it.

    `despite`: also where what came back is not in order. Raises `Unusable` (the file), `Unsound` (what is in it), `Refused` (the
    place), `InUse`, `FromNewerRelease`, `OSError`.
    """
    switching.require_replaceable(space.root)
    require_sqlite()
    space.root.parent.mkdir(parents=True, exist_ok=True)
    with alone(space):
        for left in left_behind(space.root.parent):
            clear(left)
        with unpacked(space, source, progress) as (staged, manifest):
            upgraded = made_sound(staged, manifest, source, progress, despite=despite)
            with working_on(staged):
                erased = reapply(restored=True)
                _enter(source, manifest)
            aside = put_in_place(staged, space)
        return Restored(manifest, upgraded, erased, aside, way_on(space))


def put_in_place(staged: Workspace, space: Workspace) -> Path | None:
    """Put what is staged in the place of `space`; return where the old state lies now."""
    connection.close()
    return switching.put_in_place(staged.root, space.root)


def try_out(space: Workspace, source: Source, *, progress: Progress = no_progress) -> tuple[Tested, Manifest | None]:
    """Bring the backup in `source` back beside `space`, verify it in full, and remove it again: a restore test, entered in the ledger.

    What is wrong with a backup is a result. An error is what kept it from being tried: `Refused`, `OSError`, and `Unusable` for
    a file of which nobody knows that it ever was a backup of this workspace.
    """
    require_sqlite()
    if space.exists:
        release.require_this()
    space.root.parent.mkdir(parents=True, exist_ok=True)
    for left in left_behind(space.root.parent):
        clear(left)
    started_at, began = clock.now(), time.monotonic()
    manifest: Manifest | None = None
    found: tuple[str, ...] = ()
    try:
        with unpacked(space, source, progress) as (staged, manifest):
            made_sound(staged, manifest, source, progress)
    except Unsound as error:
        found = error.wrong
    except (Unusable, FromNewerRelease) as error:
        if manifest is None and not _known_at(space, source.path):
            raise
        found = (str(error),)
    took = timedelta(seconds=time.monotonic() - began)
    backup = manifest.backup if manifest else _known_at(space, source.path)
    tested = Tested(backup, started_at, max(clock.now(), started_at), took, len(manifest.files) if manifest else 0, tuple(found))
    if space.exists:
        with transaction.atomic():
            record_tested(identifier.new(started_at), tested)
        with suppress(LedgerForked, MalformedKey, OSError):
            sequencer.sequence()
    return tested, manifest


def _known_at(space: Workspace, path: Path) -> str:
    """The id of the backup that was written to `path`, for a file that can no longer say; empty if none was."""
    known = Backup.objects.filter(path=str(path.absolute())).last() if space.exists else None
    return known.id if known else ""


def way_on(space: Workspace) -> str:
    """Sign what waits in the workspace that was restored; where its ledger must not go on by itself, return how it does."""
    with working_on(space):
        return signed()


def signed() -> str:
    """Sign what waits in the current workspace; return why its ledger must not go on by itself, and how it does, "" where it may."""
    try:
        sequencer.sequence()
    except (LedgerForked, MalformedKey, OSError) as error:
        return str(error)
    return ""


@contextmanager
def unpacked(space: Workspace, source: Source, progress: Progress) -> Iterator[tuple[Workspace, Manifest]]:
    """Yield the backup on a stage, whole, and signed by whom one trusts."""
    with stage(space.root.parent, space) as staged:
        with source.path.open("rb") as file, sealing.opened(file, source.identities) as clear_text:
            backup = Opened(clear_text)
            if backup.manifest.content != "workspace":
                raise Refused(f"{source.path} is a backup of keys, not of a workspace: upheld restore --keys {source.path}")
            if not source.unsigned:
                signing.require(backup.text, backup.signature, [*_keys_here(space), *source.trusted])
            backup.unpack(staged.root, progress)
        for folder in (staged.history, staged.outcomes, staged.documents, staged.measures):
            folder.mkdir(exist_ok=True, mode=0o700)
        yield staged, backup.manifest


def _keys_here(space: Workspace) -> list[VerificationKey]:
    return signing.trusted() if space.keys.is_dir() else []


def made_sound(staged: Workspace, manifest: Manifest, source: Source, progress: Progress, *, despite: bool = False) -> int:
    """Bring what is staged to this release and verify it; return how many changes of tables it took.

    What was wrong already when it was taken, as it says, does not stop it; `despite`, nothing does. Raises `Unsound` or `FromNewerRelease`.
    """
    with working_on(staged):
        try:
            release.require_not_newer()
            due = len(release.standing().due)
            if due:
                call_command("migrate", verbosity=0, interactive=False)
            found = verifying.wrong([*signing.trusted(), *source.trusted], progress)
        except DatabaseError as error:
            raise Unsound(f"the backup's database does not work: {error}", (str(error),)) from error
    # An unsigned manifest is anybody's, and excuses nothing; what is missing then is only who signed.
    excused = [said for said in found if said.endswith(verifying.KEYLESS)] if source.unsigned else manifest.wrong
    new = tuple(said for said in found if said not in excused)
    if new and not despite:
        raise Unsound(f"what came back is not what was backed up, so nothing was changed: {'; '.join(new[:3])}", new)
    return due


def _enter(source: Source, manifest: Manifest) -> None:
    """Write down, in what is staged, which backup it came out of; the entry waits until the ledger goes on."""
    with source.path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        append("workspace.restored", subject=("backup", manifest.backup), body={"product": manifest.product, "sha256": digest})


def restore_keys(space: Workspace, source: Source) -> Manifest:
    """Bring the keys in `source` back where there are none; return the manifest of their backup. The high-water mark stays lost.

    Raises `Refused` where there are keys already: they are never overwritten.
    """
    space.root.parent.mkdir(parents=True, exist_ok=True)
    with alone(space):
        if there := _keys_in(space.keys):
            raise Refused(f"{space.keys} holds keys already ({', '.join(there[:3])}), which are never overwritten: move them away first")
        with stage(space.root.parent, space) as staged, source.path.open("rb") as file:
            with sealing.opened(file, source.identities) as clear_text:
                backup = Opened(clear_text)
                if backup.manifest.content != "keys":
                    raise Refused(f"{source.path} is a backup of a workspace, not of keys: upheld restore {source.path}")
                backup.unpack(staged.root, no_progress)
            (staged.root / "use.lock").touch(mode=0o600)
            switching.put_in_place(staged.root, space.keys)
        for emptied in switching.put_aside(space.keys):
            if not _keys_in(emptied):
                clear(emptied)
    return backup.manifest


def _keys_in(folder: Path) -> list[str]:
    """The names of the keys in `folder`, without what any command makes there anew: locks, and the secret that pages are signed with."""
    found = (path.name for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.endswith(".lock") and name != "django.secret")
