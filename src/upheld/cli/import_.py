"""`upheld import`: the lines of a file into a register, through the actions that people use."""

from pathlib import Path
from typing import Any

import click

from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.actions.allowing import thing_of
from upheld.actions.errors import Ill, NoSuchRecord, Refused
from upheld.actions.models import Record
from upheld.cli.act import account
from upheld.cli.main import BROKEN_OR_UNPROVEN
from upheld.cli.shell import AS_JSON, Bar, print_json, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.registers.exchange.bringing import Outcome, bring, given_back
from upheld.registers.exchange.columns import Columns, columns
from upheld.registers.exchange.finding import mapping_called, register_called
from upheld.registers.exchange.models import pair
from upheld.registers.exchange.sheets import csv_lines
from upheld.registers.exchange.ways import way
from upheld.sources.people.get import Reading
from upheld.sources.people.get import sheet as read_sheet
from upheld.sources.people.sheet import Sheet
from upheld.sources.source import SourceError

MOST_TOLD = 20


@click.command("import")
@click.argument("register")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", "who", envvar="UPHELD_PERSON", required=True, help="Who brings them: an account's mail or people.id.")
@click.option("--map", "said", multiple=True, metavar="FIELD=HEADER", help="Which column tells a field; found by its header otherwise.")
@click.option("--mapping", "saved", default="", help="A mapping of columns that was saved (exchange.keep-mapping).")
@click.option("--with", "make", default="", metavar="ACTION", help="The action that makes a record, where several can.")
@click.option("--preview", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--partly", is_flag=True, help="Keep the lines that are right even if others are wrong.")
@click.option("--wrong", type=click.Path(path_type=Path, dir_okay=False), help="CSV to write with the lines that were not kept, and why.")
@AS_JSON
@click.pass_context
def import_(context: click.Context, register: str, file: Path, who: str, said: tuple[str, ...], saved: str, make: str, preview: bool,
            partly: bool, wrong: Path | None, as_json: bool) -> None:  # fmt: skip
    """Bring the lines of FILE (CSV, XLSX) into REGISTER ("assets.asset"): all, or none where one is wrong.

    A line with a number, or a name that is there already, changes that record; others make new ones. The same file again changes nothing.
    """
    ready_to_enter()
    try:
        sheet, places, outcome = _brought(register, file, account(who), dict(map(pair, said)), saved, make, preview, partly)
    except (Ill, NoSuchRecord, SourceError) as error:
        raise click.UsageError(visible(str(error), keep="\n")) from error
    except Refused as error:
        raise click.ClickException(visible(str(error), keep="\n")) from error
    if outcome.kept:
        sequence()
    if wrong is not None and (outcome.wrong or not outcome.kept):
        wrong.write_text("".join(csv_lines(given_back(sheet, outcome))), encoding="utf-8-sig")
    _say(outcome, places, preview, as_json)
    context.exit(BROKEN_OR_UNPROVEN if outcome.wrong else 0)


def _brought(
    register: str, file: Path, by: Person, said: dict[str, str], saved: str, make: str, preview: bool, partly: bool
) -> tuple[Sheet, Columns, Outcome]:
    model = register_named(register, by)
    if saved:
        mapping = mapping_called(saved, model)
        said, make = mapping.said | said, make or mapping.make
    how = way(model, make)
    sheet = read_sheet(file, Reading())
    places = columns(sheet.header, how, said)
    with Bar(file.name) as progress:
        outcome = bring(
            sheet, how, places, by=by, keep=not preview, partly=partly, tell=lambda done, of: progress(model.register(), done, of)
        )
    return sheet, places, outcome


def register_named(name: str, person: Person) -> type[Record]:
    """Return the register called `name`; raises `NoSuchRecord` in the same words where there is none and where `person` may not see it."""
    model = register_called(name)
    if model is None or not person.may(Verb.SEE, thing_of(model)):
        raise NoSuchRecord(f"There is no register {name!r}; name one as in governance.contact.")
    return model


def _say(outcome: Outcome, places: Columns, preview: bool, as_json: bool) -> None:
    if as_json:
        print_json(_json(outcome, places))
        return
    for each in outcome.wrong[:MOST_TOLD]:
        click.echo(visible(f"line {each.line.number}: {' '.join(each.told)}", keep="\n"), err=True)
    if len(outcome.wrong) > MOST_TOLD:
        click.echo(f"and {len(outcome.wrong) - MOST_TOLD:,} more lines; --wrong FILE writes them all", err=True)
    if places.unread:
        click.echo(visible(f"left unread: {', '.join(places.unread)}"), err=True)
    told = ", ".join(f"{count:,} {what}" for what, count in outcome.counts.items())
    click.echo(f"{told}; {'kept' if outcome.kept else 'nothing is kept: it was a preview' if preview else 'nothing was kept'}")


def _json(outcome: Outcome, places: Columns) -> dict[str, Any]:
    return {
        "kept": outcome.kept,
        "counts": dict(outcome.counts),
        "columns": sorted(places.places),
        "unread": list(places.unread),
        "lines": [
            {"line": each.line.number, "what": each.what, "record": each.record if outcome.kept else "", "told": list(each.told)}
            for each in outcome.brought
        ],
    }
