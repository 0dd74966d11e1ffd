"""Taking a workspace of an older release to this one: a backup first, then the changes on a stage, verified, then one step."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.db import connection, transaction

from upheld.backups.recording import Taken, record_taken
from upheld.evidence.collection import Progress, no_progress
from upheld.ledger.append import append
from upheld.upkeep import release, switching, taking
from upheld.upkeep.postgresql import require_sqlite
from upheld.upkeep.restoring import Source, made_sound, put_in_place, unpacked, way_on
from upheld.upkeep.stage import clear, left_behind, working_on
from upheld.workspace import Workspace, alone


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did: the backup it took first, how many changes of tables it applied, where the old state lies now."""

    backup: Taken
    changes: int
    aside: Path
    way_on: str


def upgrade(space: Workspace, target: taking.Target, *, despite: bool = False, progress: Progress = no_progress) -> Upgraded | None:
    """Take `space`, the current workspace, to this release, all or nothing; None if it is of this release already.

    The backup goes to `target`; it is brought onto a stage, changed and verified there, and put in the old state's place,
    which is kept. `despite`: also where something was not in order. Raises `Unsound`, `FromNewerRelease`, `Refused`, `InUse`.
    """
    require_sqlite()
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
            with working_on(staged):
                _enter(taken, changes)
            aside = put_in_place(staged, space)
        assert aside is not None, "there was a workspace"
        return Upgraded(taken, changes, aside, way_on(space))


def _enter(taken: Taken, changes: int) -> None:
    with transaction.atomic():
        record_taken(taken)
        append("workspace.upgraded", subject=("backup", taken.id), body={"to": version("upheld"), "changes": changes})
