"""Questionnaires as customers write them: where questions are found, what is refused, and the same file filled in."""

import csv
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from upheld.registers.trust.asked_models import Reply
from upheld.registers.trust.filling_in import Filled, filled_in
from upheld.registers.trust.question_sheets import MOST_QUESTIONS, Unreadable, asked

CAIQ = (
    ("CONSENSUS ASSESSMENT QUESTIONNAIRE v4", None, None, None, None, None),
    ("Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional)", "CCM Control ID"),
    ("A&A-01.1", "Are audit policies established and approved?", None, None, None, "A&A-01"),
    ("A&A-01.2", "Are they reviewed at least annually?", None, None, None, None),
)


def book(*sheets) -> bytes:
    made, written = Workbook(), io.BytesIO()
    for number, (title, rows) in enumerate(sheets):
        sheet = made.active if number == 0 else made.create_sheet()
        sheet.title = title
        for row in rows:
            sheet.append(row)
    made.save(written)
    return written.getvalue()


def texts(content: bytes, column: int = 0) -> list[tuple[str, str]]:
    return [(each.ref, each.text) for each in asked(content, column).questions]


def test_a_caiq_comes_back_as_the_same_file_filled_in():
    content = book(("Introduction", [("Read this first.",)]), ("CAIQ", CAIQ))
    found = asked(content)
    assert [(each.ref, each.row) for each in found.questions] == [("A&A-01.1", 3), ("A&A-01.2", 4)]
    answers = {1: Filled(Reply.YES, "They are."), 2: Filled(Reply.SEE, "=1+1")}
    back = load_workbook(io.BytesIO(filled_in(content, found.sheets, found.questions, answers)))
    assert back.sheetnames == ["Introduction", "CAIQ"] and back["Introduction"]["A1"].value == "Read this first."
    rows = [[cell.value for cell in row] for row in back["CAIQ"].iter_rows(min_row=2)]
    assert rows[0] == list(CAIQ[1]) and rows[1] == ["A&A-01.1", CAIQ[2][1], "Yes", None, "They are.", "A&A-01"]
    assert rows[2][2:5] == ["See explanation", None, "=1+1"] and back["CAIQ"]["E4"].data_type == "s"


def test_columns_that_are_not_there_are_put_behind_and_merged_cells_written_where_they_show():
    made = load_workbook(io.BytesIO(book(("Fragen", [("Nr.", "Frage"), ("1", "Sind Sicherungen erprobt?"), ("2", "Und Zugänge?")]))))
    made.active.merge_cells("C2:D2")
    written = io.BytesIO()
    made.save(written)
    found = asked(written.getvalue())
    answers = {1: Filled(Reply.NO, "Noch nicht."), 2: Filled(Reply.NOT_APPLICABLE, "Keine.")}
    sheet = load_workbook(io.BytesIO(filled_in(written.getvalue(), found.sheets, found.questions, answers))).active
    rows = [[cell.value for cell in row][:4] for row in sheet.iter_rows()]
    assert rows[0] == ["Nr.", "Frage", "Antwort", "Erläuterung"]
    assert rows[1] == ["1", "Sind Sicherungen erprobt?", "Noch nicht.", None]  # words cover what they are merged with
    assert rows[2] == ["2", "Und Zugänge?", "Entfällt", "Keine."]


LISTS = [
    ("Ref;Question;Response;Comments\r\n1;Do you encrypt?;;\r\n", "utf-8", [("1", "Do you encrypt?")]),
    ("sep=;\r\nNr.;Frage;Antwort\r\n4;Verschlüsseln Sie?;\r\n", "cp1252", [("4", "Verschlüsseln Sie?")]),
    ("Do you encrypt?\nDo you test?\n", "utf-8-sig", [("", "Do you encrypt?"), ("", "Do you test?")]),
    ("a\tQuestion\nx\tIs it so?\n", "utf-16", [("", "Is it so?")]),
    ("Ref,Question\n,A heading\n1,We want to know\n,And this?\n", "utf-8", [("1", "We want to know"), ("", "And this?")]),
]


@pytest.mark.parametrize(("text", "encoding", "questions"), LISTS)
def test_lists_of_all_kinds_are_read_and_written_as_they_came(text, encoding, questions):
    content = text.encode(encoding)
    assert texts(content) == questions
    found = asked(content)
    back = filled_in(content, found.sheets, found.questions, {1: Filled(Reply.YES, "-2+3 ist es")}).decode(encoding)
    delimiter = next(each for each in ";\t," if each in text or each == ",")
    row = next(row for row in csv.reader(io.StringIO(back), delimiter=delimiter) if questions[0][1] in row)
    assert row[-1] == "'-2+3 ist es" and row[-2] in ("Yes", "Ja")
    assert back.startswith("sep=;\r\n") == text.startswith("sep=") and ("\r\n" in back) == ("\r\n" in text)


def test_letters_that_the_old_encoding_lacks_make_it_utf_8():
    content = "Frage;Antwort;Begründung\nVerschlüsseln Sie?;;\n".encode("cp1252")
    found = asked(content)
    back = filled_in(content, found.sheets, found.questions, {1: Filled(Reply.YES, "Ľudmila ✓")})
    assert "Ľudmila ✓" in back.decode("utf-8-sig")


def test_a_column_that_is_named_is_taken_whatever_its_heading():
    content = book(("S", [("Area", "What we ask", "You"), ("Access", "Tell us about leavers", None)]))
    assert texts(content, 2) == [("", "Tell us about leavers")]


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0")
    said = bytearray(written.getvalue())
    size = said.rfind(b"PK\x01\x02") + 24  # what the directory says that it unpacks to
    said[size : size + 4] = (600_000_000).to_bytes(4, "little")
    return bytes(said)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'


def damaged(name: str, content: str) -> bytes:
    source, written = zipfile.ZipFile(io.BytesIO(book(("CAIQ", CAIQ)))), io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for each in source.namelist():
            archive.writestr(each, content if each == name else source.read(each))
    return written.getvalue()


HOSTILE = {
    "nothing": b"",
    "no question": b"a,b\n1,2\n",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "no workbook": b"PK\x03\x04 and nothing",
    "a sheet that is no XML": damaged("xl/worksheets/sheet1.xml", "<"),
    "a workbook that is another thing": damaged("xl/workbook.xml", ENTITIES),
    "too many": ("Question\n" + "Is it so?\n" * (MOST_QUESTIONS + 1)).encode(),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_asks_nothing_is_refused_in_words(what):
    with pytest.raises(Unreadable) as refused:
        asked(HOSTILE[what])
    assert str(refused.value)[0].isupper() and str(refused.value).rstrip().endswith(".")


def test_a_bomb_is_not_unpacked():
    with pytest.raises(Unreadable, match="unpacks to"):
        asked(bomb())
