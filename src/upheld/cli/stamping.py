"""`upheld ledger stamp`: time stamps of the last checkpoint, and the authorities that give them."""

from dataclasses import asdict
from pathlib import Path

import click

from upheld.cli.main import DONE, SOURCE_FAILED
from upheld.cli.shell import print_json, ready
from upheld.ledger import sequencer, stamping
from upheld.ledger.stamping import NoAuthority
from upheld.outgoing import NotAllowed

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def stamp() -> None:
    """Have authorities say when they saw a checkpoint (RFC 3161)."""


@stamp.command()
@click.argument("name")
@click.argument("url")
@click.argument("roots", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def add(name: str, url: str, roots: Path) -> None:
    """Ask the authority at URL from now on; ROOTS is a file of certificates (PEM) that its stamps must verify under."""
    ready()
    try:
        stamping.add(name, url, roots.read_text(encoding="utf-8"))
    except (NoAuthority, NotAllowed, ValueError) as error:
        raise click.ClickException(f"{roots}: {error}" if isinstance(error, ValueError) else str(error)) from error
    sequencer.sequence()
    click.echo(f"Added {name}.")


@stamp.command()
@click.argument("name")
def remove(name: str) -> None:
    """Ask the authority NAME no more. Its stamps stay."""
    ready()
    try:
        stamping.remove(name)
    except NoAuthority as error:
        raise click.ClickException(str(error)) from error
    sequencer.sequence()
    click.echo(f"Removed {name}.")


@stamp.command("list")
@_AS_JSON
def list_authorities(as_json: bool) -> None:
    """List the authorities that are asked."""
    ready()
    found = [{"name": row.name, "url": row.url, "trouble": row.trouble} for row in stamping.in_use()]
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(f"{row['name']}  {row['url']}  {row['trouble'] or 'well'}" for row in found) or "No authority is asked.")


@stamp.command()
@_AS_JSON
@click.pass_context
def now(context: click.Context, as_json: bool) -> None:
    """Have the last checkpoint stamped now, by every authority. Exit status 3 if one failed."""
    ready()
    found = stamping.stamp(sequencer.current())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        for each in found:
            click.echo(f"{each.name}: {each.said()}")
    context.exit(SOURCE_FAILED if any(each.trouble for each in found) else DONE)
