"""`upheld upgrade`: take a workspace of an older release to this one."""

from pathlib import Path

import click

from upheld import clock, workspace
from upheld.cli.shell import Bar, counted, print_json
from upheld.evidence.visible import visible
from upheld.upkeep.taking import Target
from upheld.upkeep.upgrading import Upgraded
from upheld.upkeep.upgrading import upgrade as upgrade_to_this
from upheld.workspace import Workspace


@click.command()
@click.option(
    "--backup", "out", type=click.Path(path_type=Path, dir_okay=False), help="Where the backup goes first. Default: beside the workspace."
)
@click.option("--despite", is_flag=True, help="Also where something in the workspace was not in order; it stays so.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def upgrade(out: Path | None, despite: bool, as_json: bool) -> None:
    """Take the workspace to this release, all or nothing: a backup, the changes on a copy, everything verified, then one step."""
    space = workspace.current()
    if not space.exists:
        raise click.ClickException(f"There is no workspace at {space.root}. Make one with: upheld init")
    target = Target(out or _beside(space))
    with Bar("upgrade") as progress:
        done = upgrade_to_this(space, target, despite=despite, progress=progress)
    if as_json:
        print_json(_json(done))
    elif done is None:
        click.echo(f"{space.root} is of this release already; nothing was changed.")
    else:
        click.echo(
            f"Upgraded {space.root} from {done.backup.product}: {counted(done.changes, 'change')} of its tables, all of it verified."
        )
        click.echo(f"  The backup taken first: {done.backup.path}\n  The state before lies in {done.aside}; delete it once you are sure.")
        if done.way_on:
            click.echo(f"  Its ledger does not go on by itself: {visible(done.way_on)}", err=True)


def _beside(space: Workspace) -> Path:
    return space.root.with_name(f"{space.root.name}.before-upgrade-{clock.now():%Y%m%dT%H%M%SZ}.tar")


def _json(done: Upgraded | None) -> dict[str, object]:
    if done is None:
        return {"upgraded": False, "changes": 0, "backup": None, "aside": None, "way_on": ""}
    return {"upgraded": True, "changes": done.changes, "backup": str(done.backup.path), "aside": str(done.aside), "way_on": done.way_on}
