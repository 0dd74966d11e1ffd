"""A customer's questionnaire as its file has it: where questions stand, and where answers go. CSV and XLSX. Pure.

Headings are looked for in the first lines of each sheet, in English and German, as the CAIQ of the Cloud Security Alliance has them
and as people write them; where there are none, the column in which most cells end in a question mark is taken.
"""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from upheld.sources.people.decoding import decoded
from upheld.sources.people.delimited import delimiter_of
from upheld.sources.people.workbook import refuse_bombs
from upheld.sources.source import SourceError

MOST_QUESTIONS, LONGEST, SHORTEST = 2_000, 5_000, 5
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, FIRST_ROWS = 40, 5_000, 100, 25
PACKED = b"PK\x03\x04"
_NUMBER = re.compile(r"\b(id|ref|reference|nr|no|number|nummer)\b\.?|^#$", re.IGNORECASE)
_QUESTION = re.compile(r"question(?!n)|frage(?!b)|requirement|anforderung", re.IGNORECASE)
_ALONE = re.compile(r"(the )?questions?|(die )?fragen?|requirements?|anforderung(en)?", re.IGNORECASE)
_ANSWER = re.compile(r"answer|response|antwort|yes ?/ ?no|ja ?/ ?nein", re.IGNORECASE)
_WORDS = re.compile(r"descri|explan|comment|remark|detail|note|rationale|erläuter|begründ|kommentar|bemerk|beschreib", re.IGNORECASE)
Rows = Sequence[Sequence[str]]


class Unreadable(ValueError):
    """A file that no questions can be read from; says why, and what to do."""


@dataclass(frozen=True)
class Columns:
    """Where things stand in a sheet, counted from 1; 0 for a heading or a column that is not there.

    `answer` and `words` that are not there are put behind what is.
    """

    name: str
    head: int
    question: int
    ref: int = 0
    answer: int = 0
    words: int = 0
    width: int = 0
    german: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked: in which of the sheets, counted from 0, on which row, counted from 1, and how the customer counts it."""

    sheet: int
    row: int
    ref: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A questionnaire: its sheets that ask something, and the questions in order."""

    sheets: tuple[Columns, ...]
    questions: tuple[Question, ...]

    @property
    def said(self) -> dict[str, Any]:
        """Both as columns of a register hold them."""
        return {"sheets": [asdict(each) for each in self.sheets], "questions": [asdict(each) for each in self.questions]}


def asked(content: bytes, column: int = 0) -> Asked:
    """Return what the file asks, in `column` of each sheet if that is given. Raises `Unreadable`."""
    sheets: list[Columns] = []
    questions: list[Question] = []
    every = [(name, rows, _columns(name, rows, column)) for name, rows in grids(content)]
    headed = any(found and found.head for _name, _rows, found in every)
    for _name, rows, found in every:
        if headed and not (found and found.head):
            continue  # an introduction may ask something too
        its = list(_questions(rows, found, len(sheets))) if found else []
        if found and its:
            sheets.append(found)
            questions += its
    if not questions:
        raise Unreadable("No questions were found: name the column that they stand in, or give it the heading Question.")
    if len(questions) > MOST_QUESTIONS:
        raise Unreadable(f"It asks {len(questions):,} questions; at most {MOST_QUESTIONS:,} are taken.")
    return Asked(tuple(sheets), tuple(questions))


def grids(content: bytes) -> Iterator[tuple[str, Rows]]:
    """Yield every sheet with its rows of texts. Raises `Unreadable`."""
    try:
        if content.startswith(PACKED):
            yield from _workbook(content)
        else:
            yield "", delimited(content).rows
    except SourceError as error:
        raise Unreadable(f"The file cannot be read: {error}.") from error


def _workbook(content: bytes) -> Iterator[tuple[str, Rows]]:
    refuse_bombs(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets[:MOST_SHEETS]:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()
                rows = islice(sheet.iter_rows(values_only=True), MOST_ROWS)
                yield sheet.title, [["" if cell is None else str(cell).strip() for cell in row[:MOST_COLUMNS]] for row in rows]
    except (InvalidFileException, KeyError, ValueError, TypeError, ParseError, IndexError, zipfile.BadZipFile, OSError) as error:
        raise Unreadable(f"The workbook cannot be read ({type(error).__name__}): save it again from the spreadsheet program.") from error


@dataclass(frozen=True)
class Delimited:
    """A CSV file: its rows, and how it was written. `first` is Excel's line `sep=;`, "" for none."""

    rows: list[list[str]]
    delimiter: str
    encoding: str
    line_end: str
    first: str


def delimited(content: bytes) -> Delimited:
    """Return the CSV in `content`. Raises `Unreadable` and `SourceError`."""
    said = decoded(content)
    if "\0" in said.text:
        raise Unreadable("The file is neither CSV nor XLSX: save it as one of them.")
    first, _, rest = said.text.partition("\n")
    chosen = first.strip().strip('"')[4:] if re.fullmatch(r'"?sep=."?', first.strip(), re.IGNORECASE) else ""
    text = rest if chosen else said.text
    delimiter = chosen or delimiter_of(text)
    try:
        rows = list(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), MOST_ROWS))
    except csv.Error as error:
        raise Unreadable(f"The file cannot be read as CSV ({error}).") from error
    return Delimited(rows, delimiter, said.encoding, "\r\n" if "\r\n" in text else "\n", first.rstrip("\r") if chosen else "")


def _columns(name: str, rows: Rows, column: int) -> Columns | None:
    width = max((len(row) for row in rows), default=0)
    for number, row in enumerate(rows[:FIRST_ROWS], 1):
        question = column or _place(row, _QUESTION, but=_NUMBER)
        if question and len(row) >= question and _is_heading(row, question):
            ref = _place(row, _NUMBER)
            words = _place(row, _WORDS, but=_NUMBER, taken=(question, ref))
            answer = _place(row, _ANSWER, but=_NUMBER, taken=(question, ref, words))
            german = bool(re.search(r"frage|antwort|anforderung", " ".join(row), re.IGNORECASE))
            return Columns(name, number, question, ref, answer, words, width, german)
    question = column or _asking(rows, width)
    return Columns(name, 0, question, width=width) if question else None


def _is_heading(row: Sequence[str], question: int) -> bool:
    """Whether `row` names columns: short words, none of which asks."""
    said = [cell for cell in row if cell]
    short = all(len(cell) <= 120 and not cell.endswith("?") for cell in said)
    alone = bool(_ALONE.fullmatch(row[question - 1]))
    return bool(row[question - 1]) and short and (len(said) > 1 or alone)


def _place(row: Sequence[str], wanted: re.Pattern[str], but: re.Pattern[str] | None = None, taken: Sequence[int] = ()) -> int:
    for place, cell in enumerate(row, 1):
        if place not in taken and wanted.search(cell) and not (but and but.search(cell)):
            return place
    return 0


def _asking(rows: Rows, width: int) -> int:
    """Return the column most of whose cells end in a question mark, 0 where there is none."""
    for place in range(1, width + 1):
        cells = [row[place - 1] for row in rows if len(row) >= place and row[place - 1]]
        if cells and sum(cell.rstrip().endswith("?") for cell in cells) * 2 > len(cells):
            return place
    return 0


def _questions(rows: Rows, its: Columns, sheet: int) -> Iterator[Question]:
    counted = its.ref and any(_at(row, its.ref) for row in rows[its.head :])
    for number, row in enumerate(rows[its.head :], its.head + 1):
        text, ref = _at(row, its.question), _at(row, its.ref)
        heading = bool(counted) and not ref and not text.endswith("?")
        if len(text) >= SHORTEST and not heading:
            yield Question(sheet, number, ref[:60], text[:LONGEST])


def _at(row: Sequence[str], place: int) -> str:
    return row[place - 1].strip() if place and len(row) >= place else ""
