"""`upheld source`: kinds, add, list, test, remove."""

import click

from upheld.cli.can import can
from upheld.cli.orders import orders
from upheld.cli.preview import preview
from upheld.cli.shell import print_json, ready, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.sources import configured
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import SourceError, SourceKind, names, tried
from upheld.sources.source import kind as source_kind


@click.group()
def source() -> None:
    """Add, list, test and remove sources: connections to real systems."""


source.add_command(preview)
source.add_command(can)
source.add_command(orders)


@source.command("kinds")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_kinds(name: str | None, as_json: bool) -> None:
    """List the kinds of source, or the one called NAME: the tables each fills and the settings it asks for."""
    found = [source_kind(name)] if name else [source_kind(each) for each in names()]
    if as_json:
        print_json([_kind_json(kind) for kind in found])
        return
    for kind in found:
        click.echo(click.style(kind.name, bold=True) + f" - {kind.title}")
        click.echo(f"  fills {', '.join(kind.tables)}")
        click.echo(f"  rights: {kind.least_rights}")
        if tried(kind):
            click.echo(f"  {tried(kind)}")
        for setting in kind.settings:
            default = "required" if setting.required else f"default {setting.default!r}"
            click.echo(f"  {setting.name}: {setting.meaning} ({default}{', a reference to a secret' if setting.secret else ''})")


def _kind_json(kind: SourceKind) -> dict[str, object]:
    return {
        "name": kind.name,
        "title": kind.title,
        "tables": list(kind.tables),
        "least_rights": kind.least_rights,
        "tried": tried(kind),
        "settings": [
            {"name": each.name, "meaning": each.meaning, "default": each.default, "secret": each.secret} for each in kind.settings
        ],
    }


@source.command("add")
@click.argument("name")
@click.argument("kind")
@click.argument("settings", nargs=-1, metavar="[SETTING=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def add(name: str, kind: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Put a source of KIND into use under NAME. A secret is given as env:NAME, file:PATH or command:PROGRAM.

    Paths of files and folders that are there are stored absolute. A name is used once, also after its source was removed.
    """
    given = dict(_pair(number, setting) for number, setting in enumerate(settings, start=1))
    ready_to_enter()
    made = configured.add(name, kind, given)
    sequence()
    if as_json:
        print_json(_source_json(made) | {"tried": tried(source_kind(kind))})
    else:
        if said := tried(source_kind(kind)):
            click.echo(said)
        click.echo(f"Added {made.name}. Next: upheld source test {made.name}, then upheld run.")


def _pair(number: int, setting: str) -> tuple[str, str]:
    name, sign, value = setting.partition("=")
    if not sign:
        raise click.BadParameter(f"number {number} of the settings is not written SETTING=VALUE")  # not shown: it may be a secret
    return name, value


@source.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_sources(as_json: bool) -> None:
    """List the sources in use and how their last collection went."""
    ready()
    found = configured.in_use()
    if as_json:
        print_json([_source_json(each) for each in found])
        return
    if not found:
        click.echo("No source is in use. See what there is: upheld source kinds")
    for each in found:
        last = each.collections.order_by("-started_at").first()
        told = f"{last.coverage} at {last.started_at:%Y-%m-%d %H:%M} UTC" if last else "never collected"
        click.echo(f"{each.name:24} {each.kind:14} {told}")


def _source_json(each: ConfiguredSource) -> dict[str, object]:
    last = each.collections.order_by("-started_at").first()
    return {
        "name": each.name,
        "kind": each.kind,
        "settings": each.settings,
        "added_at": each.added_at,
        "last_collection": last and {"started_at": last.started_at, "coverage": last.coverage, "error": last.error},
    }


@source.command("test")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def test(context: click.Context, name: str, as_json: bool) -> None:
    """Contact the source called NAME and say what answers, and with which rights. Exit status 3 if it fails."""
    ready()
    asked = configured.named(name)
    try:
        said, well = configured.connect(asked).test(), True
    except SourceError as error:
        said, well = str(error), False
    if as_json:
        print_json({"name": name, "ok": well, "said": said})
    else:
        click.echo(visible(said, keep="\n"), err=not well)
    context.exit(0 if well else 3)


@source.command("remove")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def remove(name: str, as_json: bool) -> None:
    """Take the source called NAME out of use. What it collected stays in the history."""
    ready_to_enter()
    configured.remove(name)
    sequence()
    if as_json:
        print_json({"removed": name})
    else:
        click.echo(f"Removed {name}. What it collected stays; what only it filled becomes unproven.")
