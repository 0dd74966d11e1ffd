"""`upheld hold`: legal holds, which keep people from being erased."""

from dataclasses import asdict
from datetime import datetime

import click

from upheld import clock
from upheld.cli.shell import AS_JSON, counted, instant, print_json, ready, ready_to_enter
from upheld.erasure import holding
from upheld.erasure.person import Unclear
from upheld.erasure.plan import Refused
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.vault import holds
from upheld.vault.keys import here


@click.group()
def hold() -> None:
    """Keep people from being erased while a case needs what is known of them."""


@hold.command()
@click.argument("person")
@click.option("--reason", required=True, help="Why; kept sealed, and shown to whoever tries to erase them.")
@click.option("--until", required=True, callback=instant, metavar="T", help="When it ends by itself: 2027-05-03.")
@AS_JSON
def add(person: str, reason: str, until: datetime, as_json: bool) -> None:
    """Keep PERSON from being erased until T."""
    ready_to_enter()
    try:
        made = holding.hold(person, here(), reason=reason, until=until)
    except (Unclear, Refused) as error:
        raise click.ClickException(str(error)) from error
    sequence()
    if as_json:
        print_json(asdict(made))
    else:
        click.echo(f"Hold {made.id} until {made.until:%Y-%m-%d}.")


@hold.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """List holds: those that last, those released and those past their end. Whom they are about is kept as a keyed hash only."""
    ready()
    found = holds.listed(here())
    if as_json:
        print_json([{**asdict(each), "lasts": each.lasts(clock.now())} for each in found])
        return
    for each in found:
        how = "lasts" if each.lasts(clock.now()) else "released" if each.released_at else "over"
        click.echo(f"{each.id}  {how:8}  until {each.until:%Y-%m-%d}  {visible(each.reason)}")
    click.echo(counted(len(found), "hold"), err=True)


@hold.command()
@click.argument("hold_id", metavar="HOLD")
@AS_JSON
def release(hold_id: str, as_json: bool) -> None:
    """Lift the hold called HOLD."""
    ready_to_enter()
    try:
        holding.release(hold_id, here())
    except holds.NoHold as error:
        raise click.ClickException(str(error.args[0])) from error
    sequence()
    if as_json:
        print_json({"released": hold_id})
    else:
        click.echo(f"Released {hold_id}.")
