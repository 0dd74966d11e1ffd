"""`upheld source can`: what a source may carry out, and whether its rights suffice."""

import click

from upheld.cli.shell import AS_JSON, print_json, ready
from upheld.evidence.visible import visible
from upheld.sources import configured, journal
from upheld.sources.source import SourceError

SOURCE_FAILED = 3


@click.command("can")
@click.argument("name")
@AS_JSON
@click.pass_context
def can(context: click.Context, name: str, as_json: bool) -> None:
    """Say which verbs the source called NAME offers, and whether its rights suffice. Changes nothing."""
    ready()
    source = configured.named(name)
    try:
        rights = journal.rights(source)
    except SourceError as error:
        click.echo(visible(str(error), keep="\n"), err=True)
        context.exit(SOURCE_FAILED)
    if as_json:
        print_json([{"verb": each.verb, "allowed": each.allowed, "said": each.said} for each in rights])
        return
    for each in rights:
        word = {True: "yes", False: "no", None: "not told"}[each.allowed]
        click.echo(f"{each.verb.value.replace('_', '-'):13} {word:9} {visible(each.said)}")
