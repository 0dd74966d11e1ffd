"""`upheld doctor`: look whether this installation and its workspace are in order."""

import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from upheld import workspace
from upheld.cli.shell import print_json
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.source import Misconfigured
from upheld.workspace import Workspace

ENOUGH_FREE_BYTES = 500_000_000
PROGRAMS = {
    "git": "the source git",
    "ssh": "the source host, for other machines",
    "restic": "the source restic",
    "openssl": "drills on TLS",
}


@dataclass(frozen=True)
class Observation:
    """One thing looked at: well or not, and what to do if not. `needed` ones decide the exit status."""

    what: str
    well: bool
    said: str
    needed: bool = True


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
            click.echo(f"{_sign(each)}  {each.what}: {each.said}")
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
    if not space.exists:
        yield Observation("workspace", False, f"none at {space.root}; make one with upheld init")
        return
    yield from _workspace(space)


def _workspace(space: Workspace) -> Iterator[Observation]:
    yield Observation("workspace", True, str(space.root))
    shared = [str(path) for path in (space.root, space.keys, *space.keys.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    yield Observation("private", not shared, f"readable by others: {', '.join(shared)}" if shared else "only its owner can read it")
    free = shutil.disk_usage(space.root).free
    yield Observation("disk", free > ENOUGH_FREE_BYTES, f"{free // 1_000_000:,} MB free")
    executor = MigrationExecutor(connection)
    due = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Observation("tables", not due, f"{len(due)} migrations to apply: upheld init" if due else "up to date")
    if not due:
        yield from _contents()


def _contents() -> Iterator[Observation]:
    status = sequencer.status()
    well = status.mark_ok and not status.wrong
    yield Observation("ledger", well, " ".join(status.wrong) or f"{status.size:,} entries, {status.waiting} waiting; {status.origin}")
    if not configured.in_use():
        yield Observation("sources", False, "none in use; see upheld source kinds")
    for source in configured.in_use():
        try:
            configured.connect(source)
            yield Observation(f"source {source.name}", True, f"kind {source.kind}; settings are complete")
        except Misconfigured as error:
            yield Observation(f"source {source.name}", False, str(error))
