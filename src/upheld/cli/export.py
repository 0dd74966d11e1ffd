"""`upheld export`: what leaves the product for others: registers as tables, and how promises stand, in formats of others."""

import importlib
import sys
from pathlib import Path

import click

from upheld.actions.errors import Refused
from upheld.cli.act import account
from upheld.cli.import_ import register_named
from upheld.cli.shell import ready
from upheld.registers.exchange.leaving import table
from upheld.registers.exchange.sheets import csv_lines, xlsx
from upheld.web.registers.finding import seen

# Name of the command, and what it writes; its module is `cli/exporting/<name>.py`.
FORMATS = {
    "answers": "A customer's questionnaire, answered from promises.",
    "site": "The Trust Center as static files.",
    "oscal": "OSCAL: catalogue, component definition, assessment plan, results, POA&M.",
    "ocsf": "OCSF compliance findings, one line of JSON a measure.",
    "attestations": "in-toto test results, one statement a document, with their proofs.",
    "pdf": "A document as PDF: its promises with states, and how to verify them.",
    "review": "A finished access review as PDF.",
    "docx": "The same as DOCX.",
    "xlsx": "The same as XLSX.",
}


class Formats(click.Group):
    """Each format is a command of its own, loaded when it is called; a register's name ("governance.contact") stands for `register`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, in alphabetical order."""
        return sorted([*FORMATS, "register"])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command, or None for one that does not exist."""
        if name == "register":
            return register
        if name not in FORMATS:
            return None
        command = getattr(importlib.import_module(f"upheld.cli.exporting.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Take the name of a register where a command is expected."""
        if args and "." in args[0]:
            return "register", register, args
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, FORMATS.get(name) or "A register as CSV or XLSX.") for name in self.list_commands(ctx)])


@click.group(cls=Formats)
def export() -> None:
    """Write a register, or how promises stand, for others to hold. `upheld export governance.contact` is `export register ...`."""


@click.command()
@click.argument("name", metavar="REGISTER")
@click.option("--by", "who", envvar="UPHELD_PERSON", required=True, help="Whose eyes it is seen with: an account's mail or people.id.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write, .csv or .xlsx; without it, CSV is printed.")
def register(name: str, who: str, output: Path | None) -> None:
    """Write REGISTER ("governance.contact") as a table: every record that the person may see, with every field."""
    ready()
    try:
        person = account(who)
        model = register_named(name, person)
    except Refused as error:
        raise click.UsageError(str(error)) from error
    rows = table(model, seen(person, model).order_by("pk").iterator(chunk_size=2_000))
    if output is None:
        sys.stdout.writelines(csv_lines(rows))
        return
    if output.suffix not in (".csv", ".xlsx"):
        raise click.UsageError(f"{output} is neither .csv nor .xlsx")
    content = xlsx(rows) if output.suffix == ".xlsx" else "".join(csv_lines(rows)).encode("utf-8-sig")
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error
    click.echo(f"{output}: {model._meta.verbose_name_plural} written", err=True)
