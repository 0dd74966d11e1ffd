"""What of a workspace goes into a backup, brought onto a stage while others are at work in the workspace."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from upheld import workspace
from upheld.evidence.collection import Progress
from upheld.sources.frames import files, set_aside
from upheld.upkeep.errors import Refused
from upheld.upkeep.stage import copy_database, is_stage, link, working_on
from upheld.verdicts.models import MeasureVerdict
from upheld.workspace import Workspace

# What only says who is at work now, or belongs to the database's own keeping; and what is named by the database instead of found.
_PASSING = ("run.lock", "upheld.sqlite3-wal", "upheld.sqlite3-shm", "upheld.sqlite3-journal")
_NAMED = ("history", "outcomes")
TRIES = 5


def stage_all(space: Workspace, staged: Workspace) -> list[str]:
    """Bring everything that lies in `space`, with nobody at work in it, onto `staged`; return what had to be left out."""
    copy_database(space.database, staged.database)
    return _copy_found(space, staged, apart_from=(space.database.name, *_PASSING))


def stage_current(space: Workspace, staged: Workspace, progress: Progress) -> list[str]:
    """Bring the database of `space` as of one instant, and the files that go with it, onto `staged`; return what was left out.

    The database comes first, then what it names: files are there before the database names them. One that is gone by
    then was merged or replaced meanwhile, so database and names are asked again. What is still missing after some
    turns is really missing, and `verifying` says so.
    """
    for turn in range(TRIES):
        staged.database.unlink(missing_ok=True)
        copy_database(space.database, staged.database)
        if _link_named(space, staged, progress) or turn == TRIES - 1:
            break
    return _copy_found(space, staged, apart_from=(space.database.name, *_PASSING, *_NAMED))


def _link_named(space: Workspace, staged: Workspace, progress: Progress) -> bool:
    """Give each file that the staged database names a second name on the stage; whether all were there. Others leave the stage."""
    whole, named = True, _named(space, staged)
    for count, path in enumerate(sorted(named)):
        progress("files", count, len(named))
        if not (staged.root / path).exists():
            try:
                link(space.root / path, staged.root / path)
            except FileNotFoundError:
                whole = False
    for folder in _NAMED:
        for left in [path for path in (staged.root / folder).rglob("*") if path.is_file()]:
            if left.relative_to(staged.root).as_posix() not in named:
                left.unlink()
    return whole


def _named(space: Workspace, staged: Workspace) -> set[str]:
    """What the staged database names, relative to the workspace: change files, and populations with all that lies in their folder."""
    with working_on(staged):
        root = workspace.current().root
        changes = {file.path.relative_to(root).as_posix() for file in files() + set_aside()}
        populations = {path for path in MeasureVerdict.objects.filter(until_at=None).values_list("outcomes", flat=True) if path}
    folders = {"/".join(path.split("/")[:2]) for path in populations}
    beside = (path for folder in folders for path in (space.root / folder).rglob("*") if path.is_file())
    return changes | populations | {path.relative_to(space.root).as_posix() for path in beside}


def _copy_found(space: Workspace, staged: Workspace, *, apart_from: tuple[str, ...]) -> list[str]:
    """Copy what people and programs put into the workspace, found by looking; return what is no file, or of a name that is no text."""
    left_out = []
    for path, inside in _found(space.root, apart_from):
        target = staged.root / inside
        if not _is_text(inside):
            left_out.append(f"{os.fsencode(inside).decode('utf-8', 'backslashreplace')}: its name is not UTF-8")
        elif not path.is_file():
            left_out.append(f"{inside}: it is no file")
        elif path.name.endswith(".sqlite3"):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy_database(path, target)
        else:
            _copy(path, target)
    return left_out


def _found(root: Path, apart_from: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Yield what lies below `root`, by its path and its path relative to `root`; folders that are links are followed once."""
    seen = set()
    for folder, folders, names in os.walk(root, followlinks=True, onerror=_unreadable):
        about = Path(folder).stat()
        if (about.st_dev, about.st_ino) in seen:
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        top = Path(folder) == root
        folders[:] = sorted(name for name in folders if not (top and (is_stage(name) or name in apart_from)))
        for name in sorted(names):
            if not (top and name in apart_from):
                path = Path(folder) / name
                yield path, path.relative_to(root).as_posix()


def _unreadable(error: OSError) -> None:
    raise error


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _copy(path: Path, target: Path) -> None:
    """Copy a file that somebody may be editing: what it holds now. A pipe put in its place meanwhile is refused, not waited for."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as source, target.open("wb") as copy:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(f"{path} is no file any more; take the backup again")
        while piece := source.read(1 << 20):
            copy.write(piece)
