"""`upheld mine`: what somebody owes."""

import click

from upheld import clock
from upheld.actions.errors import Ill
from upheld.cli.act import account
from upheld.cli.shell import print_json, ready
from upheld.duties.work import owed
from upheld.evidence.visible import visible


@click.command()
@click.argument("who", envvar="UPHELD_PERSON")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def mine(who: str, as_json: bool) -> None:
    """List what the owner of the account WHO (mail or people.id) owes, what is due first first."""
    ready()
    try:
        person = account(who)
    except Ill as error:
        raise click.ClickException(str(error)) from error
    lines = owed(person, clock.now())
    if as_json:
        names = ("what", "about", "due_at", "action", "record", "finding")
        print_json([{name: getattr(each, name) for name in names} for each in lines])
        return
    for each in lines:
        due = f"by {each.due_at:%Y-%m-%d}" if each.due_at else "when you can"
        click.echo(visible(f"{due:14} {each.what}: {each.about}"))
    if not lines:
        click.echo("Nothing is owed now.")
