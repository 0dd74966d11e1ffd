import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from upheld.documents import lint as linting
from upheld.documents.catalogue import known
from upheld.documents.document import Document, Promise, Section, shipped
from upheld.documents.lint import Weight, lint

RIGHT = Promise(
    id="acme:1.1",
    section="1",
    chapter="access",
    text="Screens of unattended equipment lock after five minutes.",
    label="ISO/IEC 27001:2013 A.11.2.8",
    clauses=("ISO/IEC 27001:2013 A.11.2.8", "ISO/IEC 27001:2022 A.8.1"),
    measures=("access/screen_locks",),
)


def remarks(*promises: Promise) -> list[tuple[str, str]]:
    document = Document("acme", "What Acme promises", "en", "1", "", (Section("1", "Access"),), promises)
    return [(remark.promise, remark.rule) for remark in lint(document, known())]


def test_a_promise_in_order_gives_no_remark():
    assert remarks(RIGHT) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"clauses": ("ISO/IEC 27001:2013 A.11.3.1",), "label": ""}, "clause-missing"),
        ({"clauses": ("DORA 9(4)",), "label": ""}, "clause-unknown"),
        ({"clauses": ("ISO 27001 A.99.1",), "label": ""}, "clause-form"),
        ({"clauses": (*RIGHT.clauses, "ISO 27001:2022 A.8.1")}, "clause-form"),
        ({"text": "Screens of unattended\u202e equipment lock after five minutes."}, "unseen"),
        ({"clauses": ("ISO/IEC 27001:2013 A.11.2.8",)}, "edition-missing"),
        ({"label": "ISO/IEC 27001:2013 A.11.3.1"}, "label-differs"),
        ({"label": "ISO/IEC 27001:2013 A.11.3.1", "corrected": "A.11.3.1 does not exist."}, "label-corrected"),
        ({"text": "Access rights end when people leave.", "label": "", "clauses": ("ISO/IEC 27001:2022 A.8.13",)}, "clause-doubtful"),
        ({"measures": ()}, "untested"),
        ({"measures": ("access/screen_locks", "access/screens_lock")}, "measure-unknown"),
        ({"measures": ("access/screen_locks", "access/screen_locks")}, "measure-twice"),
    ],
)
def test_what_is_wrong_with_a_promise_is_said_by_its_rule(change, rule):
    assert remarks(replace(RIGHT, **change)) == [("acme:1.1", rule)]


def test_the_same_words_twice_are_one_promise_too_many():
    again = replace(RIGHT, id="acme:1.2", text="Screens of unattended equipment lock after 5 minutes.")
    said_again = replace(RIGHT, id="acme:1.3", text="Unattended equipment: its screens lock after five minutes!")
    assert remarks(RIGHT, again, said_again) == [("acme:1.3", "said-twice")]


def test_a_remark_says_what_to_do():
    document = Document("acme", "What Acme promises", "en", "1", "", (Section("1", "Access"),), (replace(RIGHT, measures=()),))
    assert [(remark.says, remark.do) for remark in lint(document, known())] == [
        ("no measure tests it", "name measures, or take the promise out")
    ]


def test_what_cannot_be_seen_is_said_of_titles_too_and_shown_as_its_escape():
    document = Document("acme", "What Acme\x1b[31m promises", "en", "1", "", (Section("1", "Acc\u200bess"),), (RIGHT,))
    assert [(remark.promise, remark.says) for remark in lint(document, known())] == [
        ("the document", "“What Acme\\x1b[31m promises” has characters that cannot be seen"),
        ("the document", "“Acc\\u200bess” has characters that cannot be seen"),
    ]


def test_a_clause_spelled_otherwise_is_told_its_full_form():
    document = Document(
        "acme",
        "What Acme promises",
        "en",
        "1",
        "",
        (Section("1", "Access"),),
        (replace(RIGHT, clauses=(*RIGHT.clauses, "ISO27001 A.8.1")),),
    )
    assert [remark.do for remark in lint(document, known())] == ["write ISO/IEC 27001:2022 A.8.1"]


@pytest.mark.parametrize("document", shipped(), ids=lambda document: document.id)
def test_the_founding_documents_have_no_problem(document):
    assert [remark for remark in lint(document, known()) if remark.weight is Weight.PROBLEM] == []


def test_the_twelve_labels_published_wrongly_are_noted():
    noted = [remark.promise for remark in lint(shipped()[0], known()) if remark.rule == "label-corrected"]
    assert noted == [
        "iso:2.2", "iso:2.3", "iso:2.4", "iso:2.5", "iso:2.6", "iso:3.1.3", "iso:3.1.4", "iso:4.2.2", "iso:4.2.3", "iso:4.3.4", "iso:7.2.1",
        "iso:7.2.7",
    ]  # fmt: skip


def test_no_clause_of_the_founding_documents_is_in_doubt():
    assert [remark for document in shipped() for remark in lint(document, known()) if remark.rule == "clause-doubtful"] == []


def test_all_that_lint_says_has_german_for_the_page_that_shows_it() -> None:
    sentences = re.findall(r'\b_\("([^"]+)"\)', Path(linting.__file__).read_text(encoding="utf-8"))
    assert len(sentences) > 20
    with translation.override("de"):
        assert [each for each in sentences if translation.gettext(each) == each] == []
    assert translation.gettext("no measure tests it") == "no measure tests it"
