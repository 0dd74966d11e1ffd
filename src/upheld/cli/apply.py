"""`upheld apply`: configuration as code."""

from typing import TextIO

import click

from upheld.actions.errors import Refused
from upheld.cli.act import account
from upheld.cli.main import BROKEN_OR_UNPROVEN
from upheld.cli.shell import AS_JSON, print_json, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.registers.exchange.applying import apply as apply_all
from upheld.registers.exchange.applying import read
from upheld.registers.exchange.bringing import What


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--by", "who", envvar="UPHELD_PERSON", required=True, help="Who does it: an account's mail or people.id.")
@click.option("--preview", is_flag=True, help="Say what would change, and change nothing.")
@AS_JSON
@click.pass_context
def apply(context: click.Context, file: TextIO, who: str, preview: bool, as_json: bool) -> None:
    """Make true what FILE (TOML) says: sources in use, and records. What is there already stays; nothing is removed.

    All of it, or nothing where one thing is wrong.
    """
    ready_to_enter()
    try:
        done = apply_all(read(file.read()), by=account(who), keep=not preview)
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8: {error.reason} at byte {error.start}") from error
    except Refused as error:
        raise click.UsageError(visible(f"{file.name}: {error}", keep="\n")) from error
    wrong = any(each.what is What.WRONG for each in done)
    if not (wrong or preview):
        sequence()
    if as_json:
        print_json(
            {"kept": not (wrong or preview), "done": [{"name": each.name, "what": each.what, "told": list(each.told)} for each in done]}
        )
    else:
        for each in done:
            click.echo(visible(f"{each.what:9} {each.name}{': ' + ' '.join(each.told) if each.told else ''}", keep="\n"))
        click.echo("nothing is kept" if wrong or preview else f"{len(done):,} things are as the file says")
    context.exit(BROKEN_OR_UNPROVEN if wrong else 0)
