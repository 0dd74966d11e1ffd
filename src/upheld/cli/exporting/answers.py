"""`upheld export answers`: a customer's questionnaire with answers proposed from promises, to be read before it is handed over."""

from pathlib import Path

import click
from django.utils import translation

from upheld.cli.shell import print_json, ready
from upheld.registers.exchange.sheets import Sheet, csv_lines, workbook
from upheld.registers.trust.question_sheets import Unreadable, asked
from upheld.web.trust.answering import propose, table
from upheld.web.trust.gathering import CUSTOMERS, center, gather

WIDTHS = (60, 60, 16, 12, 18, 10, 40)


@click.command()
@click.argument("questions", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--column", type=click.IntRange(1, 200), help="In which column the questions stand; without it, headings tell.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def answers(questions: Path, out: Path, column: int | None, as_json: bool) -> None:
    """Write to OUT (.csv or .xlsx) each of the QUESTIONS of a file (a CAIQ, or any) with the promises that answer it and how they stand.

    It shows what customers may read. Somebody reads and mends it, then hands it over with privacy.answer-information-request.
    """
    ready()
    opened = center()
    if opened is None:
        raise click.ClickException("no Trust Center is open: upheld act trust.open-trust-center --help")
    if out.suffix not in (".csv", ".xlsx"):
        raise click.UsageError(f"{out} is neither .csv nor .xlsx")
    every = _asked(questions, column)
    public = gather(opened, CUSTOMERS)
    with translation.override(opened.language):
        found = list(propose(public, every))
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


def _asked(path: Path, column: int | None) -> list[tuple[str, str]]:
    """Return the questions of a file with their numbers; says what is wrong with one that cannot be read."""
    try:
        return [(each.ref, each.text) for each in asked(path.read_bytes(), column or 0).questions]
    except (OSError, Unreadable) as error:
        raise click.UsageError(f"{path}: {error}") from error
