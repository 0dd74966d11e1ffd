"""Taking a workspace of an older release to this one: a backup first, then the changes on a stage, verified, then one step."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from upheld.backups.recording import Taken, record_taken
from upheld.evidence.collection import Progress, no_progress
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.upkeep import postgresql, release, signing, switching, taking, verifying
from upheld.upkeep.errors import Unsound
from upheld.upkeep.restoring import Source, made_sound, put_in_place, signed, unpacked, way_on
from upheld.upkeep.stage import clear, left_behind, working_on
from upheld.workspace import Workspace, alone


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did: the backup it took first, how many changes of tables it applied, where the old state lies now.

    On PostgreSQL there is neither: its own tools took the backup, and the old state is what they bring back.
    """

    backup: Taken | None
    changes: int
    aside: Path | None
    way_on: str


def upgrade(space: Workspace, target: taking.Target, *, despite: bool = False, progress: Progress = no_progress) -> Upgraded | None:
    """Take `space`, the current workspace, to this release, all or nothing; None if it is of this release already.

    The backup goes to `target`; it is brought onto a stage, changed and verified there, and put in the old state's place,
    which is kept. `despite`: also where something was not in order. Raises `Unsound`, `FromNewerRelease`, `Refused`, `InUse`.
    """
    postgresql.require_sqlite()
    switching.require_replaceable(space.root)
    taking.require_outside(space, target.path)
    with alone(space):
        release.require_not_newer()
        if not release.standing().due:
            return None
        for left in left_behind(space.root.parent):
            clear(left)
        taken = taking.written(space, target, at_work=False, progress=progress)
        connection.close()
        with unpacked(space, Source(target.path), progress) as (staged, manifest):
            changes = made_sound(staged, manifest, Source(target.path), progress, despite=despite)
            with working_on(staged), transaction.atomic():
                record_taken(taken)
                _enter(changes, ("backup", taken.id))
            aside = put_in_place(staged, space)
        assert aside is not None, "there was a workspace"
        return Upgraded(taken, changes, aside, way_on(space))


def upgrade_in_place(space: Workspace, *, despite: bool = False, progress: Progress = no_progress) -> Upgraded | None:
    """Take `space`, the current workspace, whose database is on PostgreSQL, to this release in one transaction; None if it is of it.

    Database and files must have been backed up: there is no copy here to go back to, but a kill or a fault before the end leaves
    all as it was. Raises `Unsound`, `FromNewerRelease`, `InUse`.
    """
    with alone(space):
        release.require_not_newer()
        due = release.standing().due
        if not due:
            return None
        with transaction.atomic():
            with connection.cursor() as cursor:  # what waits to be checked at the end would keep tables from being changed
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            call_command("migrate", verbosity=0, interactive=False)
            found = tuple(verifying.wrong(signing.trusted(), progress))
            if found and not despite:
                raise Unsound(f"the workspace would not be sound afterwards, so nothing was changed: {'; '.join(found[:3])}", found)
            _enter(len(due))
        return Upgraded(None, len(due), None, signed())


def _enter(changes: int, subject: tuple[str, str] | None = None) -> None:
    body: dict[str, Json] = {"to": version("upheld"), "changes": changes}
    append("workspace.upgraded", subject=subject, body=body)
