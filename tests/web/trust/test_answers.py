"""A questionnaire answered from promises: the right promise for each question, how it stands, and nothing where nothing fits."""

import csv
import io

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from tests.web.trust.conftest import SECRET_NAMES

from upheld.cli.exporting.answers import answers

QUESTIONS = [
    "Number",
    "Are accounts of leavers closed on their last day?",
    "Do you test that backups can be restored?",
    "+49 is which prefix?",
    "Which colour is your office?",
]


@pytest.fixture
def asked(tmp_path):
    file = tmp_path / "questions.xlsx"
    book = Workbook()
    for number, question in enumerate(QUESTIONS):
        book.active.append([number, question])
    book.save(file)
    return file


def test_each_question_gets_the_promise_that_answers_it_and_how_that_stands(center, asked, tmp_path):
    out = tmp_path / "answers.csv"
    said = CliRunner().invoke(answers, [str(asked), str(out), "--column", "2"])
    assert said.output.endswith("4 questions, 2 with an answer to be read before it is handed over\n"), said.output
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [row[2].partition(",")[0] for row in rows[1:]] == ["acme:1.1", "acme:2.1", "", ""]
    assert rows[1][3:5] == ["broken", "2 May 2026"] and rows[2][3:5] == ["upheld", "4 May 2026"]
    assert rows[3][0] == "'+49 is which prefix?" and rows[4][5] == "no promise answers this"
    assert not any(name in out.read_text(encoding="utf-8") for name in SECRET_NAMES)


def test_as_a_workbook_it_is_text_alone(center, asked, tmp_path):
    out = tmp_path / "answers.xlsx"
    assert CliRunner().invoke(answers, [str(asked), str(out), "--column", "2"]).exit_code == 0
    cells = [cell for row in load_workbook(out).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"} and cells[21].value == "+49 is which prefix?"


UNUSABLE = [(b"\xff\xfe\x00", "a.csv"), (b"question\n", "a.csv"), (b"question\nOne?\n", "a.txt"), (b"", "a.csv")]


@pytest.mark.parametrize(("content", "out"), UNUSABLE)
def test_what_cannot_be_used_is_told_in_words(center, tmp_path, content, out):
    file = tmp_path / "questions.csv"
    file.write_bytes(content)
    said = CliRunner().invoke(answers, [str(file), str(tmp_path / out)])
    assert said.exit_code == 2 and "Traceback" not in said.output
    assert not (tmp_path / out).exists()
