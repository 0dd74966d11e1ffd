"""Tables for people who work on in a spreadsheet: CSV and XLSX, with cells that would be run as formulas made text."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

# A cell that begins so is run as a formula by spreadsheets (OWASP, CSV injection); an apostrophe makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHEET = "Upheld"
LONGEST_CELL, LONGEST_TITLE = 32_767, 31  # characters, in XLSX
_BOLD, _WRAPPED = Font(bold=True), Alignment(vertical="top", wrap_text=True)


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each of `rows`, each with its line end."""
    for cells in rows:
        written = io.StringIO()
        csv.writer(written).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
        yield written.getvalue()


def as_typed(cell: str) -> str:
    """Return a cell of CSV as somebody typed it: without the apostrophe that `csv_lines` puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: the first of its `rows` names the columns and stays in sight; `widths` of columns are in characters."""

    title: str
    rows: Iterable[Sequence[str]]
    widths: Sequence[int] = ()


def xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Return `rows` as a workbook of one sheet; every cell is text, whatever it looks like."""
    return workbook([Sheet(SHEET, rows)])


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of `sheets`; every cell is text, whatever it looks like. Where widths are given, long texts are wrapped."""
    book = Workbook(write_only=True)
    for each in sheets:
        made = book.create_sheet(each.title[:LONGEST_TITLE])
        made.freeze_panes = "A2"
        for number, width in enumerate(each.widths, 1):
            made.column_dimensions[get_column_letter(number)].width = width
        for at, cells in enumerate(each.rows):
            made.append([_text(made, cell, bold=not at, wraps=bool(each.widths)) for cell in cells])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _text(sheet: Any, value: str, *, bold: bool, wraps: bool) -> Any:
    # A workbook holds no control characters; what is longer than a cell can be is cut, which the API and CSV do not do.
    clean = "".join(character if character >= " " or character in "\n\t" else "\ufffd" for character in value)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    if bold:
        cell.font = _BOLD
    if wraps:
        cell.alignment = _WRAPPED
    return cell
