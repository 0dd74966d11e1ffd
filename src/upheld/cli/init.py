"""`upheld init`: make a workspace."""

import click
from django.core.management import call_command
from django.db import connection

from upheld import workspace
from upheld.cli.shell import print_json
from upheld.ledger import sequencer
from upheld.upkeep.release import require_this


@click.command()
@click.option("--origin", default="upheld.example/ledger/main/1", show_default=True, help="Name of the ledger; it cannot be changed later.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def init(origin: str, as_json: bool) -> None:
    """Make a workspace: database, history, keys and ledger. Safe to call again."""
    made = make(origin)
    if as_json:
        print_json({"workspace": str(workspace.current().root), "keys": str(workspace.current().keys), "made": made})
    else:
        click.echo(f"{'Made' if made else 'Up to date'}: {workspace.current().root} (keys in {workspace.current().keys})")
        if made:
            click.echo("Next: upheld source kinds, then upheld source add; or upheld demo for a sample company.")


def is_new(space: workspace.Workspace) -> bool:
    """Whether there are no tables yet in the workspace's database."""
    if connection.vendor == "sqlite" and not space.database.is_file():
        return True
    return not connection.introspection.table_names()


def make(origin: str) -> bool:
    """Create what is missing in the current workspace and return whether it was new; one of an older release is refused."""
    space = workspace.current()
    new = is_new(space)
    if not new:
        require_this()
    space.create()
    workspace.use(space)
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init(origin)
    return new
