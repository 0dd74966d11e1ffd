"""`upheld ledger stamp`: time stamps of the last checkpoint, and the authorities that give them."""

from dataclasses import asdict
from pathlib import Path

import click

from upheld.cli.main import DONE, SOURCE_FAILED
from upheld.cli.shell import AS_JSON, print_json, ready, ready_to_enter, say
from upheld.ledger import sequencer, stamping
from upheld.ledger.stamping import NoAuthority
from upheld.outgoing import NotAllowed


@click.group()
def stamp() -> None:
    """Have authorities say when they saw a checkpoint (RFC 3161)."""


@stamp.command()
@click.argument("name")
@click.argument("url")
@click.argument("roots", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@AS_JSON
def add(name: str, url: str, roots: Path, as_json: bool) -> None:
    """Ask the authority at URL from now on; ROOTS is a file of certificates (PEM) that its stamps must verify under."""
    ready_to_enter()
    try:
        stamping.add(name, url, roots.read_text(encoding="utf-8"))
    except (NoAuthority, NotAllowed, ValueError) as error:
        raise click.ClickException(f"{roots}: {error}" if isinstance(error, ValueError) else str(error)) from error
    sequencer.sequence()
    say({"added": name, "url": url}, f"Added {name}. Ask it now: upheld ledger stamp now", as_json)


@stamp.command()
@click.argument("name")
@AS_JSON
def remove(name: str, as_json: bool) -> None:
    """Ask the authority NAME no more. Its stamps stay."""
    ready_to_enter()
    try:
        stamping.remove(name)
    except NoAuthority as error:
        raise click.ClickException(str(error)) from error
    sequencer.sequence()
    say({"removed": name}, f"Removed {name}. Its stamps stay.", as_json)


@stamp.command("list")
@AS_JSON
def list_authorities(as_json: bool) -> None:
    """List the authorities that are asked."""
    ready()
    found = [{"name": row.name, "url": row.url, "trouble": row.trouble} for row in stamping.in_use()]
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(f"{row['name']}  {row['url']}  {row['trouble'] or 'well'}" for row in found) or "No authority is asked.")


@stamp.command()
@AS_JSON
@click.pass_context
def now(context: click.Context, as_json: bool) -> None:
    """Have the last checkpoint stamped now, by every authority. Exit status 3 if one failed."""
    ready_to_enter()
    found = stamping.stamp(sequencer.current())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        click.echo(
            "\n".join(f"{each.name}: {each.said()}" for each in found)
            or "Nothing was stamped: no authority is asked. See upheld ledger stamp add."
        )
    context.exit(SOURCE_FAILED if any(each.trouble for each in found) else DONE)
