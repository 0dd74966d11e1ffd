"""A questionnaire answered from promises: the right promise for each question, how it stands, and nothing where nothing fits."""

import csv
import io
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from tests.web.trust.conftest import SECRET_NAMES

from upheld.cli.exporting.answers import answers
from upheld.documents.importing.similarity import Index
from upheld.registers.trust.models import Shown
from upheld.web.trust import answering
from upheld.web.trust.answering import proposed
from upheld.web.trust.public import Public, PublicDocument, PublicPromise, PublicSection
from upheld.web.trust.questionnaires import SURE

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


def test_a_caiq_is_read_by_its_headings(center, tmp_path):
    file, out = tmp_path / "caiq.xlsx", tmp_path / "answers.csv"
    book = Workbook()
    book.active.append(["CONSENSUS ASSESSMENT INITIATIVE QUESTIONNAIRE v4.0.3"])
    heads = ["Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional)"]
    book.active.append([*heads, "CSC Responsibilities (Optional)", "CCM Control ID", "CCM Control Specification", "CCM Domain Title"])
    book.active.append(["BCR-08.3", "Is every backup restored?", *[""] * 4, "BCR-08", "About restored backups.", "Continuity"])
    book.active.append(["UEM-12.1", "Can devices be located?", *[""] * 4, "UEM-12", "", "Endpoints"])
    book.save(file)
    said = CliRunner().invoke(answers, [str(file), str(out)])
    assert said.output.endswith("2 questions, 1 with an answer to be read before it is handed over\n"), said.output
    assert [row[2] for row in csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig")))][1:] == ["acme:2.1", ""]


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


ASKED = [
    ("ISO/IEC 27001:2022 A.8.13 in place?", "", ["acme:2.1"]),
    ("In place?", "A.8.13", ["acme:2.1"]),
    ("Annex A.12.3.1 of ISO 27001:2013?", "", ["acme:2.1"]),  # as the crosswalk has it
    ("Is A1.2 of SOC 2 met?", "", ["acme:2.1"]),
    ("What about Article 32 GDPR?", "", []),  # about everything
    ("A.5.99?", "", []),
    ("Does A.5.18 hold for leavers?", "", ["acme:1.1"]),  # four cite it: the words choose
    ("A.5.18?", "", []),
]


@pytest.mark.parametrize(("question", "ref", "expected"), ASKED)
def test_a_question_about_a_clause_is_answered_by_the_promise_that_cites_it(question, ref, expected):
    found = proposed(answering.answers(CITING), question, ref)
    assert [each.id for each in found.promises] == expected
    assert found.sure < SURE or "leavers" in question  # a clause alone is no yes
    assert expected != ["acme:2.1"] or proposed(answering.answers(WITHOUT), question, ref).promises == ()  # the control


CAIQ = [
    ("CEK-03.1", "Is this in place?"),
    ("BCR-08.2", "And this?"),
    ("IAM-07.1", "Is that of leavers?"),
    ("HRS-01.1", "Lists of new staff?"),
]


def test_a_question_of_the_caiq_is_answered_by_what_its_control_is_about_too():
    found = [[each.id for each in proposed.promises] for proposed in answering.propose(CITING, CAIQ)]
    assert found == [[], ["acme:2.1"], ["acme:1.1"], []]  # of the last, a promise about something else has a word
    by_words = [[each.id for each in proposed.promises] for proposed in answering.propose(CITING, [("", text) for _ref, text in CAIQ])]
    assert by_words == [[], [], ["acme:1.1"], ["acme:3.1"]]


@pytest.mark.parametrize(
    ("refs", "named"),
    [
        (["A&A-01.1", "IAM-07.1", ""], "CAIQ "),
        (["AIS-01.1", "EKM-01.1", "IAM-07.1"], ""),  # its third version, whose numbers mean other controls
        (["IAM-99.1"], ""),
        (["1", "2", "IAM-07.1"], ""),
        ([], ""),
    ],
)
def test_the_numbers_of_questions_count_only_where_they_are_those_of_the_fourth_caiq(refs, named):
    assert answering.counted_by(refs) == named


def public_of(*clauses: str) -> Public:
    rights = ("ISO/IEC 27001:2022 A.5.18", "GDPR 32")
    said = [
        ("1.1", "Accounts of leavers are closed.", rights),
        ("2.1", "Every restore is timed.", (*clauses, "GDPR 32")),
        *((f"3.{number}", f"{word} are kept.", rights) for number, word in enumerate(("Doors", "Lists", "Cameras"))),
    ]
    promises = tuple(PublicPromise(f"acme:{name}", name, "1", text, "", cited, Shown.STATE) for name, text, cited in said)
    section = PublicSection("1", "All", False, promises)
    at = datetime(2026, 5, 4, tzinfo=UTC)
    document = PublicDocument("acme", "Acme", "1", "en", "", at, "d", "", 0, None, (section,))
    said_of_it = {each.name: "" for each in fields(Public)} | {"documents": (document,)}
    return Public(**said_of_it)


CITING, WITHOUT = public_of("ISO/IEC 27001:2022 A.8.13"), public_of()


def test_how_fast_something_is_done_does_not_say_what_is_done():
    said = {"a": "Security events reach the right people without delay.", "b": "Nobody leaves before their credentials are deactivated."}
    scores = Index(said.items()).scores("Are accounts of people who leave closed without delay?")
    assert scores["b"] > scores["a"]
