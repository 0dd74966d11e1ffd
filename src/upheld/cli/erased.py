"""`upheld erased`: what was erased, its receipts, and the fence that keeps it so."""

from dataclasses import asdict
from pathlib import Path

import click
from django.db import transaction

from upheld.cli.shell import AS_JSON, counted, one_at_a_time, print_json, ready, ready_to_enter, say
from upheld.erasure import receipt
from upheld.erasure.acting import CLI
from upheld.erasure.reapplying import reapply as apply_again
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import sequencer, signers
from upheld.ledger.append import append
from upheld.ledger.checkpoint import MalformedKey
from upheld.vault import erasures, fence, owed
from upheld.vault.keys import here


@click.group()
def erased() -> None:
    """Look at erasures and their receipts, and apply them again."""


@erased.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """List erasures. Nobody is named, since nobody knows any more."""
    ready()
    found = erasures.listed(here())
    if as_json:
        print_json([asdict(each) for each in found])
        return
    for each in found:
        how = "done" if each.done_at else f"STOPPED after {each.step}: run upheld erased reapply"
        click.echo(f"{each.id}  {each.started_at:%Y-%m-%d %H:%M}  {counted(len(each.keys), 'key'):>8}  {how}")
    if not found:
        click.echo("Nobody was erased here.")
    for lost in owed.owed(here()):
        click.echo(f"{lost}  OWED: forgotten when this machine was put back; upheld erase PERSON --again {lost}")


@erased.command("receipt")
@click.argument("erasure")
@AS_JSON
def receipt_(erasure: str, as_json: bool) -> None:
    """Print the receipt of ERASURE."""
    ready()
    try:
        found = erasures.receipt(here(), erasure)
    except erasures.NoErasure as error:
        raise click.ClickException(str(error.args[0])) from error
    if found is None:
        raise click.ClickException(f"{erasure} was stopped and has no receipt yet: run upheld erased reapply")
    if as_json:
        print_json({**receipt.verified(found, signers.known()), "receipt": found})
    else:
        click.echo(found, nl=False)


@erased.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", "keys", multiple=True, help="Key to trust (name+id+base64). Default: this workspace's own.")
@AS_JSON
@click.pass_context
def verify(context: click.Context, path: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Verify the receipt in PATH. Exit status 1 if it is not genuine."""
    try:
        trusted = [checkpoints.parse_key(text) for text in keys]
    except MalformedKey as error:
        raise click.ClickException(str(error)) from error
    if not trusted:
        ready()
        trusted = signers.known()
    try:
        facts = receipt.verified(path.read_text(encoding="utf-8", errors="replace"), trusted)
    except receipt.NotGenuine as error:
        click.echo(str(error), err=True)
        context.exit(1)
    said = f"Genuine: erasure {facts['erasure']} of {facts['done_at'][:10]}, {'complete' if facts['complete'] else 'with gaps'}."
    say({**facts, "genuine": True}, said, as_json)


@erased.command()
@click.argument("erasure")
@AS_JSON
def lift(erasure: str, as_json: bool) -> None:
    """Take the fence of ERASURE away: what sources still show of that person is kept again from the next collection on."""
    ready_to_enter()
    if erasure not in {each.id for each in erasures.listed(here())}:
        raise click.ClickException(f"there is no erasure {erasure!r}: see upheld erased list")
    gone = fence.lift(here(), erasure)
    with transaction.atomic():
        append("fence.lifted", subject=("record", erasure), body={"erasure": erasure, "identifiers": gone}, actor=CLI)
    sequencer.sequence()
    if as_json:
        print_json({"erasure": erasure, "identifiers": gone})
    else:
        click.echo(f"Lifted: {counted(gone, 'keyed hash')}.")


@erased.command()
@click.option("--restored", is_flag=True, help="Something was restored by other means than `upheld restore`: look at everything.")
@AS_JSON
def reapply(restored: bool, as_json: bool) -> None:
    """Finish erasures that were stopped, and erase again what a restore brought back."""
    space = ready()
    with one_at_a_time(space):
        found = apply_again(restored=restored)
    if as_json:
        print_json(asdict(found))
    else:
        again = f"{counted(found.keys, 'key')}, {counted(found.openings, 'sealed value')}, {counted(found.versions, 'row')} of history"
        click.echo(f"{counted(found.resumed, 'erasure')} finished; erased again: {again}, {counted(found.texts, 'row')} elsewhere.")
