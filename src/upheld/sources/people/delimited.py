"""CSV text to a sheet: delimiter found out, quoting strict, formula cells kept as text."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from upheld.sources.people.sheet import Cell, Sheet, fitted
from upheld.sources.source import SourceError

DELIMITERS = ";,\t|"
LARGEST_CELL = 16 * 1024 * 1024
FORMULA_MARKS = ("=", "+", "-", "@")


def read(text: str, delimiter: str = "") -> Sheet:
    """Return the CSV `text` as a sheet. A quote that is never closed cuts it short; raises `SourceError` when there is no header."""
    csv.field_size_limit(LARGEST_CELL)
    first_line, text, chosen = _without_separator_line(text)
    records = _records(text, delimiter or chosen or delimiter_of(text))
    header: list[str] | None = None
    sheet = Sheet([])
    try:
        for number, cells in records:
            if header is None:
                if not any(cells):
                    continue
                header = [cell.strip() for cell in cells]
                sheet.header = header
                continue
            line = fitted(number + first_line, list[Cell](cells), len(header))
            if line is not None:
                sheet.lines.append(line)
    except csv.Error as error:
        sheet.cut_short = f"the list cannot be read to its end ({error}); the last line read is {_last(sheet, first_line)}"
    if header is None:
        raise SourceError("the list is empty: there is not even a header, so it does not say that there is nothing", permanent=True)
    _note_formulas(sheet)
    return sheet


def _without_separator_line(text: str) -> tuple[int, str, str]:
    """Return how many lines were taken off, the rest, and the delimiter, where the first line is Excel's `sep=;`."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.lower().startswith("sep=") and len(said) == 5:
        return 1, rest, said[4]
    return 0, text, ""


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def delimiter_of(text: str) -> str:
    """Return the delimiter under which most of the first lines have as many cells as the header; a comma if none splits it."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for _, cells in islice(_records(text, delimiter), 20)]
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            score = (widths.count(widths[0]), widths[0])
            best, best_score = (delimiter, score) if score > best_score else (best, best_score)
    return best


def _last(sheet: Sheet, first_line: int) -> int:
    return sheet.lines[-1].number if sheet.lines else first_line + 1


def _note_formulas(sheet: Sheet) -> None:
    cells = (cell for line in sheet.lines for cell in line.cells)
    count = sum(isinstance(cell, str) and cell.startswith(FORMULA_MARKS) for cell in cells)
    if count:
        sheet.notes.append(f"{count} cells begin like a formula; they are kept as the text they are")
