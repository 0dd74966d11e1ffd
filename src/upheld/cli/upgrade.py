"""`upheld upgrade`: take a workspace of an older release to this one."""

from pathlib import Path

import click
from django.db import connection

from upheld import clock, workspace
from upheld.cli.shell import Bar, counted, print_json
from upheld.evidence.visible import visible
from upheld.upkeep import postgresql
from upheld.upkeep.taking import Target
from upheld.upkeep.upgrading import Upgraded, upgrade_in_place
from upheld.upkeep.upgrading import upgrade as upgrade_to_this
from upheld.workspace import Workspace


@click.command()
@click.option(
    "--backup", "out", type=click.Path(path_type=Path, dir_okay=False), help="Where the backup goes first. Default: beside the workspace."
)
@click.option("--despite", is_flag=True, help="Also where something in the workspace was not in order; it stays so.")
@click.option("--backed-up", is_flag=True, help="On PostgreSQL: its tools have backed up the database, and the files beside it.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def upgrade(out: Path | None, despite: bool, backed_up: bool, as_json: bool) -> None:
    """Take the workspace to this release, all or nothing: a backup, the changes on a copy, everything verified, then one step."""
    space = workspace.current()
    if not space.exists:
        raise click.ClickException(f"There is no workspace at {space.root}. Make one with: upheld init")
    with Bar("upgrade") as progress:
        if connection.vendor == "sqlite":
            done = upgrade_to_this(space, Target(out or _beside(space)), despite=despite, progress=progress)
        else:
            postgresql.require_backed_up(backed_up)
            done = upgrade_in_place(space, despite=despite, progress=progress)
    if as_json:
        print_json(_json(done))
    elif done is None:
        click.echo(f"{space.root} is of this release already; nothing was changed.")
    else:
        before = f" from {done.backup.product}" if done.backup else ""
        click.echo(f"Upgraded {space.root}{before}: {counted(done.changes, 'change')} of its tables, all of it verified.")
        if done.backup:
            click.echo(
                f"  The backup taken first: {done.backup.path}\n  The state before lies in {done.aside}; delete it once you are sure."
            )
        if done.way_on:
            click.echo(f"  Its ledger does not go on by itself: {visible(done.way_on)}", err=True)


def _beside(space: Workspace) -> Path:
    return space.root.with_name(f"{space.root.name}.before-upgrade-{clock.now():%Y%m%dT%H%M%SZ}.tar")


def _json(done: Upgraded | None) -> dict[str, object]:
    if done is None:
        return {"upgraded": False, "changes": 0, "backup": None, "aside": None, "way_on": ""}
    backup, aside = done.backup and str(done.backup.path), done.aside and str(done.aside)
    return {"upgraded": True, "changes": done.changes, "backup": backup, "aside": aside, "way_on": done.way_on}
