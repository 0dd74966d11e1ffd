"""A customer's questionnaire sent back as the same file, filled in: every cell that we write is text, whatever it looks like. Pure."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment

from upheld.registers.exchange.sheets import FORMULA, LONGEST_CELL
from upheld.registers.trust.asked_models import Reply
from upheld.registers.trust.question_sheets import PACKED, Columns, Question, delimited

_WORDS = {
    False: {Reply.YES: "Yes", Reply.NO: "No", Reply.NOT_APPLICABLE: "NA", Reply.SEE: "See explanation"},
    True: {Reply.YES: "Ja", Reply.NO: "Nein", Reply.NOT_APPLICABLE: "Entfällt", Reply.SEE: "Siehe Erläuterung"},
}
_HEADS = {False: ("Answer", "Explanation"), True: ("Antwort", "Erläuterung")}


class Filled(NamedTuple):
    """What is written to one question: the short answer, and the words with what they rest on."""

    says: Reply
    words: str


class Cell(NamedTuple):
    """What is written where; rows and columns are counted from 1."""

    sheet: int
    row: int
    column: int
    text: str


def filled_in(content: bytes, sheets: Sequence[Columns], questions: Sequence[Question], answers: Mapping[int, Filled]) -> bytes:
    """Return the file `content` with `answers` to its `questions`, by number from 1, in the columns that `sheets` names."""
    cells = _cells(sheets, questions, answers)
    return _workbook(content, sheets, cells) if content.startswith(PACKED) else _delimited(content, cells)


def _cells(sheets: Sequence[Columns], questions: Sequence[Question], answers: Mapping[int, Filled]) -> list[Cell]:
    found = []
    for at, each in enumerate(sheets):
        places = _places(each)
        if each.head:
            heads = zip((each.answer, each.words), places, _HEADS[each.german], strict=True)
            found += [Cell(at, each.head, place, head) for there, place, head in heads if not there]
    for number, question in enumerate(questions, 1):
        if number in answers:
            its, says = sheets[question.sheet], answers[number]
            answer, words = _places(its)
            found += [
                Cell(question.sheet, question.row, answer, _WORDS[its.german][says.says]),
                Cell(question.sheet, question.row, words, says.words),
            ]
    return found


def _places(its: Columns) -> tuple[int, int]:
    """Return the columns of answers and of words: those that there are, and new ones behind them."""
    answer = its.answer or its.width + 1
    return answer, its.words or max(its.width, answer) + 1


def _workbook(content: bytes, sheets: Sequence[Columns], cells: Sequence[Cell]) -> bytes:
    book = load_workbook(BytesIO(content))
    for sheet, row, column, text in cells:
        cell = _cell(book[sheets[sheet].name], row, column)
        cell.value = _clean(text)[:LONGEST_CELL]
        cell.data_type = "s"  # else what begins with = would be a formula
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: Any, row: int, column: int) -> Any:
    """Return the cell, or, where it is covered by another, that one."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        covering = next(each for each in sheet.merged_cells.ranges if cell.coordinate in each)
        return sheet.cell(covering.min_row, covering.min_col)
    return cell


def _delimited(content: bytes, cells: Sequence[Cell]) -> bytes:
    read = delimited(content)
    for _sheet, row, column, text in cells:
        its = read.rows[row - 1]
        its.extend([""] * (column - len(its)))
        clean = _clean(text)
        its[column - 1] = f"'{clean}" if clean.startswith(FORMULA) else clean
    written = StringIO(newline="")
    csv.writer(written, delimiter=read.delimiter, lineterminator=read.line_end).writerows(read.rows)
    said = (f"{read.first}{read.line_end}" if read.first else "") + written.getvalue()
    try:
        return said.encode(read.encoding)
    except UnicodeEncodeError:  # what we write is in no letters of the old encoding
        return said.encode("utf-8-sig")


def _clean(text: str) -> str:
    return "".join(character if character >= " " or character in "\n\t" else "\ufffd" for character in text)
