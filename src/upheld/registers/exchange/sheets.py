"""Tables for people who work on in a spreadsheet: CSV and XLSX, with cells that would be run as formulas made text."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

# A cell that begins so is run as a formula by spreadsheets (OWASP, CSV injection); an apostrophe makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHEET = "Upheld"
LONGEST_CELL = 32_767  # characters, in XLSX


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each of `rows`, each with its line end."""
    for cells in rows:
        written = io.StringIO()
        csv.writer(written).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
        yield written.getvalue()


def as_typed(cell: str) -> str:
    """Return a cell of CSV as somebody typed it: without the apostrophe that `csv_lines` puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Return `rows` as a workbook of one sheet; every cell is text, whatever it looks like."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for cells in rows:
        sheet.append([_text(sheet, cell) for cell in cells])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _text(sheet: Any, value: str) -> Any:
    # A workbook holds no control characters; what is longer than a cell can be is cut, which the API and CSV do not do.
    clean = "".join(character if character >= " " or character in "\n\t" else "\ufffd" for character in value)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    return cell
