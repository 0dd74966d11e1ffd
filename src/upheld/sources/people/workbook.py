"""XLSX to a sheet: values as the spreadsheet program saved them, formulas by their saved result."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from upheld.sources.people.sheet import Cell, Line, Sheet, fitted
from upheld.sources.source import SourceError

LARGEST_UNPACKED_BYTES = 512 * 1024 * 1024
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


def read(raw: bytes, sheet_name: str = "") -> Sheet:
    """Return the sheet `sheet_name` (the first when empty) of the workbook `raw`.

    A formula stands for the result saved beside it; one without a saved result makes its line wrong. Raises `SourceError`
    for what is no workbook, unpacks to more than 512 MiB, or has no header.
    """
    refuse_bombs(raw)
    values, formulas = _rows(raw, sheet_name, saved=True), _rows(raw, sheet_name, saved=False)
    found: Sheet | None = None
    for number, (cells, asked) in enumerate(zip(values, formulas, strict=False), start=1):
        if found is None:
            if any(cell is not None for cell in cells):
                found = Sheet(_header(cells))
            continue
        line = fitted(number, list[Cell](cells[: len(found.header)]) + [cell for cell in cells[len(found.header) :] if cell is not None],
                      len(found.header))  # fmt: skip
        if line is not None:
            found.lines.append(_judged(line, asked))
    if found is None:
        raise SourceError("the sheet is empty: there is not even a header, so it does not say that there is nothing", permanent=True)
    return found


def refuse_bombs(raw: bytes) -> None:
    """Raise `SourceError` for what is no package of parts, or unpacks to more than `LARGEST_UNPACKED_BYTES`."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise SourceError("it is called .xlsx but is no workbook: save it again from the spreadsheet program", permanent=True) from error
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise SourceError(f"the workbook unpacks to {unpacked} bytes; at most {LARGEST_UNPACKED_BYTES} are read", permanent=True)


def _rows(raw: bytes, sheet_name: str, *, saved: bool) -> Iterator[tuple[Any, ...]]:
    from openpyxl import load_workbook  # noqa: PLC0415  every command knows the kind, and hardly any reads a workbook
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415  as above

    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=saved)
        if sheet_name and sheet_name not in book.sheetnames:
            raise SourceError(f"there is no sheet {sheet_name!r}; there are {', '.join(book.sheetnames)}", permanent=True)
        sheet = book[sheet_name] if sheet_name else book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    except (InvalidFileException, KeyError, ValueError, ParseError, IndexError, zipfile.BadZipFile, OSError) as error:
        raise SourceError(
            f"the workbook cannot be read ({type(error).__name__}): save it again from the spreadsheet program", permanent=True
        ) from error


def _header(cells: tuple[Any, ...]) -> list[str]:
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _judged(line: Line, asked: tuple[Any, ...]) -> Line:
    for place, (cell, formula) in enumerate(zip(line.cells, asked, strict=False), start=1):
        if cell is None and isinstance(formula, str) and formula.startswith("="):
            return Line(line.number, line.cells, f"cell {place} is a formula without a saved result: open the list and save it")
        if isinstance(cell, str) and cell in ERRORS:
            return Line(line.number, line.cells, f"cell {place} is the error {cell}")
    return line
