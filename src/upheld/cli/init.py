"""`upheld init`: make a workspace."""

import click
from django.core.management import call_command
from django.db import connection

from upheld import workspace
from upheld.accounts import giving
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.cli.accounts import operator, sign_in_link, told
from upheld.cli.shell import print_json, require_database, require_keys
from upheld.ledger import sequencer, tables
from upheld.upkeep.release import cut_short, require_not_newer, require_this


@click.command()
@click.option("--origin", default="upheld.example/ledger/main/1", show_default=True, help="Name of the ledger; it cannot be changed later.")
@click.option("--administrator", metavar="MAIL", help="Make an account that gives others theirs, and print a link that lets it in once.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@told
def init(origin: str, administrator: str | None, as_json: bool) -> None:
    """Make a workspace: database, history, keys and ledger. Safe to call again."""
    made = make(origin)
    link = sign_in_link(first_administrator(administrator)) if administrator else ""
    if as_json:
        said = {"workspace": str(workspace.current().root), "keys": str(workspace.current().keys), "made": made}
        print_json(said | {"link": link} if link else said)
    else:
        click.echo(f"{'Made' if made else 'Up to date'}: {workspace.current().root} (keys in {workspace.current().keys})")
        if made:
            click.echo("Next: upheld source kinds, then upheld source add; or upheld demo for a sample company.")
        if link:
            click.echo(f"{administrator} gets in once, within 24 hours, by this link (start upheld serve first):\n{link}")


def first_administrator(mail: str) -> Account:
    """Return the account of `mail`, made and given the role administrator as far as it lacks them; raises `AccountError`."""
    account = Account.objects.filter(mail=mail.strip().lower()).first() or giving.make(mail, by=operator())
    if Role.ADMINISTRATOR not in giving.roles_of(account):
        giving.give(account, Role.ADMINISTRATOR, by=operator())
    return account


def is_new(space: workspace.Workspace) -> bool:
    """Whether there are no tables yet in the workspace's database."""
    if connection.vendor == "sqlite" and not space.database.is_file():
        return True
    return not connection.introspection.table_names()


def make(origin: str) -> bool:
    """Create what is missing in the current workspace and return whether it was new; one of an older release is refused."""
    space = workspace.current()
    require_keys(space)
    require_database(space)
    new = is_new(space)
    if not new:
        require_not_newer()
        if not cut_short():
            require_this()
    space.create()
    workspace.use(space)
    if not tables.make():
        call_command("migrate", verbosity=0, interactive=False)
    sequencer.init(origin)
    return new
