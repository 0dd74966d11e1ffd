"""`upheld mine`: what somebody owes."""

import click

from upheld import clock
from upheld.actions.errors import Ill
from upheld.cli.act import account
from upheld.cli.shell import print_json, ready
from upheld.duties.occurrences import materialise
from upheld.duties.work import owed
from upheld.evidence.visible import visible
from upheld.jobs.owing import due_at
from upheld.ledger import sequencer
from upheld.ledger.append import NoLedger
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.continuity import LedgerForked


@click.command()
@click.argument("who", envvar="UPHELD_PERSON")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def mine(who: str, as_json: bool) -> None:
    """List what the owner of the account WHO (mail or people.id) owes, what is due first first."""
    ready()
    _look_first()
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


def _look_first() -> None:
    """Open what has become somebody's work since the worker looked, or since anybody asked: there may be no worker."""
    now = clock.now()
    due = due_at(now)
    if due is None or due > now:
        return
    try:
        sequencer.require_going_on()
    except (LedgerForked, NoLedger, MalformedKey, OSError) as error:
        click.echo(visible(f"What fell due since the last look is not told: {error}"), err=True)
        return
    materialise(now)
    sequencer.sequence()
