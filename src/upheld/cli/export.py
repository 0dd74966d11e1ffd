"""`upheld export`: a register as CSV or XLSX, with every field, as `upheld import` takes it back."""

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


@click.command()
@click.argument("register")
@click.option("--by", "who", envvar="UPHELD_PERSON", required=True, help="Whose eyes it is seen with: an account's mail or people.id.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write, .csv or .xlsx; without it, CSV is printed.")
def export(register: str, who: str, output: Path | None) -> None:
    """Write REGISTER ("governance.contact") as a table: every record that the person may see, with every field."""
    ready()
    try:
        person = account(who)
        model = register_named(register, person)
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
