"""Stages: a copy of a workspace beside the real one, which nobody else sees, until it is archived or takes the real one's place.

A stage lies in a folder of its own and finds the real key directory beside it, so that all that works on a workspace works on it.
"""

import fcntl
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

from upheld.workspace import STAGE, Workspace

_LOCK = "stage.lock"


@contextmanager
def stage(folder: Path, space: Workspace) -> Iterator[Workspace]:
    """Yield an empty workspace in a new folder of `folder`, with the keys of `space`; it is gone at the end."""
    home = folder / f"{STAGE}{secrets.token_hex(6)}"
    home.mkdir(mode=0o700)
    descriptor = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    staged = Workspace(home / space.root.name)
    try:
        staged.root.mkdir(mode=0o700)
        staged.keys.symlink_to(space.keys.absolute())
        yield staged
    finally:
        clear(home)
        os.close(descriptor)


def clear(home: Path) -> None:
    """Remove a stage's folder; the keys that it only points to stay."""
    shutil.rmtree(home, ignore_errors=True)


def left_behind(*folders: Path) -> list[Path]:
    """Return the stages in `folders` whose process died before it could remove them."""
    return [home for folder in folders if folder.is_dir() for home in sorted(folder.glob(f"{STAGE}*")) if _is_dead(home)]


def is_stage(name: str) -> bool:
    """Whether `name` is that of a stage's folder."""
    return name.startswith(STAGE)


def _is_dead(home: Path) -> bool:
    try:
        descriptor = os.open(home / _LOCK, os.O_RDWR)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


@contextmanager
def working_on(space: Workspace) -> Iterator[Workspace]:
    """Let this process take `space` for the current workspace within the block: its paths and its database. For one thread only."""
    before = os.environ.get("UPHELD_WORKSPACE")
    name = connection.settings_dict["NAME"]
    connection.close()
    os.environ["UPHELD_WORKSPACE"] = str(space.root)
    connection.settings_dict["NAME"] = str(space.database)
    try:
        yield space
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        if before is None:
            del os.environ["UPHELD_WORKSPACE"]
        else:
            os.environ["UPHELD_WORKSPACE"] = before


def copy_database(source: Path, to: Path) -> None:
    """Write the SQLite database `source` to `to` as it stands at one instant, while others write to it (sqlite.org/backup.html).

    All pages in one step: a reader's view in WAL mode, which keeps nobody from writing and is not begun anew when they do.
    """
    existing = f"{source.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(existing, uri=True, timeout=60)) as original, closing(sqlite3.connect(to)) as copy:
        original.backup(copy)
    to.chmod(0o600)


def link(source: Path, to: Path) -> None:
    """Give the file `source`, which is never written again, a second name `to`; where that cannot be, copy it."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(source, to)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, to)


def new_file(path: Path) -> IO[bytes]:
    """Return a new file for reading and writing that only this user can read. Raises `FileExistsError`."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
