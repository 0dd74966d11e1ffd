"""`upheld doctor`: look whether this installation and its workspace are in order."""

import os
import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.db import DatabaseError, connection

from upheld import workspace
from upheld.cli.looks import LOOKS
from upheld.cli.observing import Observation, guarded
from upheld.cli.shell import print_json
from upheld.evidence.visible import visible
from upheld.upkeep import release
from upheld.upkeep.errors import FromNewerRelease, NotUpgraded
from upheld.upkeep.stage import left_behind
from upheld.upkeep.switching import put_aside
from upheld.workspace import Workspace

ENOUGH_FREE_BYTES = 500_000_000
PROGRAMS = {
    "git": "the source git",
    "ssh": "the source host, for other machines",
    "restic": "the source restic",
    "openssl": "drills on TLS",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look whether this installation and its workspace are in order. Changes nothing. Exit status 1 if something is not."""
    found = list(observations(workspace.current()))
    if as_json:
        print_json([vars(each) for each in found])
    else:
        for each in found:
            click.echo(f"{_sign(each)}  {each.what}: {visible(each.said)}")
    context.exit(0 if all(each.well for each in found if each.needed) else 1)


def _sign(each: Observation) -> str:
    if each.well:
        return click.style("ok", fg="green")
    return click.style("no", fg="red") if each.needed else "--"


def observations(space: Workspace) -> Iterator[Observation]:
    """Yield what was looked at, installation first."""
    yield Observation("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield Observation("SQLite", sqlite3.sqlite_version_info >= (3, 35), sqlite3.sqlite_version)
    yield Observation("OpenSSL", True, ssl.OPENSSL_VERSION)
    for program, purpose in PROGRAMS.items():
        path = shutil.which(program)
        yield Observation(program, path is not None, path or f"not installed; {purpose} needs it", needed=False)
    if space.has_lost_its_keys:
        yield Observation("keys", False, f"the key directory {space.keys} is missing; bring it back, or: upheld restore --keys FILE")
        return
    if not space.exists:
        yield Observation("workspace", False, f"none at {space.root}; make one with upheld init")
        return
    yield from _workspace(space)


def _workspace(space: Workspace) -> Iterator[Observation]:
    yield Observation("workspace", True, str(space.root))
    yield from guarded("private", _private, space)
    free = shutil.disk_usage(space.root).free
    yield Observation("disk", free > ENOUGH_FREE_BYTES, f"{free // 1_000_000:,} MB free")
    places = (space.root, space.database, space.history, space.outcomes, space.keys)
    closed = [str(path) for path in places if path.exists() and not os.access(path, os.W_OK)]
    yield Observation("writable", not closed, f"read-only: {', '.join(closed)}; collecting and judging write there" if closed else "yes")
    left = left_behind(space.root, space.root.parent)
    if left:
        said = f"left by a backup or restore that was killed, and removed by the next one: {', '.join(map(str, left))}"
        yield Observation("stages", False, said, needed=False)
    if aside := put_aside(space.root):
        yield Observation("put aside", True, f"states before restores and upgrades, to be deleted by you: {', '.join(map(str, aside))}")
    with _readable_database(space):
        yield from guarded("tables", _tables, space)


def _private(space: Workspace) -> Iterator[Observation]:
    shared = [str(path) for path in (space.root, space.keys, *space.keys.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    yield Observation("private", not shared, f"readable by others: {', '.join(shared)}" if shared else "only its owner can read it")


def _tables(space: Workspace) -> Iterator[Observation]:
    try:
        release.require_this()
    except (NotUpgraded, FromNewerRelease) as error:
        yield Observation("tables", False, str(error))
    else:
        yield Observation("tables", True, "of this release")
        for what, look in LOOKS.items():
            yield from guarded(what, look, space)


@contextmanager
def _readable_database(space: Workspace) -> Iterator[None]:
    """Let the database be read also where nothing can be written beside it: SQLite's own files cannot be made there."""
    before = {name: connection.settings_dict[name] for name in ("NAME", "OPTIONS")}
    if connection.vendor == "sqlite" and not _opens(space):
        connection.close()
        # What waits in the write-ahead log would be passed over as immutable; without it nothing is.
        log = space.database.with_name(f"{space.database.name}-wal")
        frozen = "" if log.exists() and log.stat().st_size else "&immutable=1"
        connection.settings_dict |= {"NAME": f"{space.database.as_uri()}?mode=ro{frozen}", "OPTIONS": {"timeout": 20}}
    try:
        yield
    finally:
        if connection.settings_dict["NAME"] != before["NAME"]:
            connection.close()
            connection.settings_dict |= before


def _opens(space: Workspace) -> bool:
    if not (os.access(space.root, os.W_OK) and os.access(space.database, os.W_OK)):
        return False
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True
