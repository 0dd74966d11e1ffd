"""`upheld export answers`: a customer's questionnaire with answers proposed from promises, to be read before it is handed over."""

from pathlib import Path

import click
from django.utils import translation

from upheld.cli.shell import print_json, ready
from upheld.registers.exchange.sheets import Sheet, csv_lines, workbook
from upheld.registers.trust.question_sheets import LONGEST, MOST_QUESTIONS, Unreadable, grids
from upheld.web.trust.answering import propose, table
from upheld.web.trust.gathering import CUSTOMERS, center, gather

WIDTHS = (60, 60, 16, 12, 18, 10, 40)


@click.command()
@click.argument("questions", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--column", default=1, show_default=True, type=click.IntRange(1, 200), help="In which column the questions stand.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def answers(questions: Path, out: Path, column: int, as_json: bool) -> None:
    """Write to OUT (.csv or .xlsx) the QUESTIONS of a sheet, below its first row, each with the promises that answer it and how they stand.

    It shows what customers may read. Somebody reads and mends it, then hands it over with privacy.answer-information-request.
    """
    ready()
    opened = center()
    if opened is None:
        raise click.ClickException("no Trust Center is open: upheld act trust.open-trust-center --help")
    if out.suffix not in (".csv", ".xlsx"):
        raise click.UsageError(f"{out} is neither .csv nor .xlsx")
    asked = [said for said in _cells(questions, column) if said][:MOST_QUESTIONS]
    if not asked:
        raise click.UsageError(f"{questions} asks nothing in column {column} below its first row")
    public = gather(opened, CUSTOMERS)
    with translation.override(opened.language):
        found = list(propose(public, asked))
        rows = list(table(public, found))
    content = workbook([Sheet("Answers", rows, WIDTHS)]) if out.suffix == ".xlsx" else "".join(csv_lines(rows)).encode("utf-8-sig")
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    answered = sum(bool(each.promises) for each in found)
    if as_json:
        print_json({"output": str(out), "questions": len(found), "answered": answered})
    else:
        click.echo(f"{out}: {len(found)} questions, {answered} with an answer to be read before it is handed over")


def _cells(path: Path, column: int) -> list[str]:
    """Return the texts of a column below the first row, each clipped; says what is wrong with a file that cannot be read."""
    try:
        _name, rows = next(grids(path.read_bytes()))
    except (OSError, Unreadable, StopIteration) as error:
        raise click.UsageError(f"{path} is no CSV in UTF-8 and no XLSX: {error}") from error
    return [row[column - 1].strip()[:LONGEST] for row in rows[1:] if len(row) >= column]
