"""Pages that mark nothing the way they should: what is a heading, a bullet or a menu is told by how it looks."""

from pathlib import Path

import pytest

from upheld.documents.importing.block import Block, Kind
from upheld.documents.importing.html import read_html
from upheld.documents.importing.importing import Imported, import_file
from upheld.documents.importing.plain import read_plain

PAGES = Path(__file__).parent / "pages"


def by_section(imported: Imported) -> dict[str, list[str]]:
    return {
        f"{section.number} {section.title}": [promise.text for promise in imported.document.promises_in(section.number)]
        for section in imported.document.sections
    }


def test_long_headings_of_an_annex_are_headings():
    sections = by_section(import_file(PAGES / "annex_ii.txt"))
    assert [len(texts) for texts in sections.values()] == [2, 2, 1, 1, 1, 1, 1]
    assert list(sections)[3] == "4 Measures for user identification and authorisation"


def test_a_heading_that_only_says_not_applicable_promises_nothing():
    imported = import_file(PAGES / "annex_ii.txt")
    assert "N/A" in imported.left_out
    assert not any("minimisation" in section.title for section in imported.document.sections)


def test_bold_lines_marks_and_breaks_are_read_as_they_look():
    assert by_section(import_file(PAGES / "soup.html")) == {
        "1 Physical Access Control": ["Electronic access control", "Visitor log", "Security staff at reception"],
        "2 Logical access": [
            "The Processor shall ensure that only authorised users can log in.",
            "require passwords of twelve characters",
            "lock accounts after five failed attempts",
            "encrypt all laptops.",
        ],
        "2.1 Encryption": ["Data at rest is encrypted with AES-256.", "Data in transit is encrypted with TLS 1.2 or higher."],
        "2.2 Backups": ["Nightly, kept for 30 days."],
        "2.3 Incident response": ["We notify customers of breaches within 48 hours."],
    }


def test_letters_and_roman_numbers_make_an_outline_of_wrapped_text():
    assert by_section(import_file(PAGES / "wrapped.txt")) == {
        "I Confidentiality": [],
        "I.1 Entry control": ["Doors are locked outside of business hours and opened by key card only.", "Visitors are registered."],
        "I.2 Admission control": [
            "Personal accounts with strong passwords, changed at least every 180 days.",
            "Two factor authentication for remote access (VPN, administration).",
        ],
        "II Integrity": [
            "Data are transferred only over encrypted connections (TLS 1.2+).",
            "All changes of personal data are logged with user and time.",
            "Logs are kept for six months.",
        ],
        "III Review": ["The DPO audits these measures once a year."],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Access Control\n==============\n\nWe lock.", [("heading", "Access Control"), ("paragraph", "We lock.")]),
        ("## 2. Access\nWe lock.", [("heading", "Access"), ("paragraph", "We lock.")]),
        ("ACCESS CONTROL\nWe lock.", [("heading", "ACCESS CONTROL"), ("paragraph", "We lock.")]),
        ("1) We lock.\n2) We log.", [("bullet", "We lock."), ("bullet", "We log.")]),
        ("* We lock\n  our doors.\n* We log.", [("bullet", "We lock our doors."), ("bullet", "We log.")]),
        ("4.1 We lock.\n4.2 We log.", [("bullet", "We lock."), ("bullet", "We log.")]),
        ("| Topic | Measure |\n|---|---|\n| Doors | We lock. |", [("row", "Topic | Measure"), ("row", "Doors | We lock.")]),
        ("We lock. A.9.1.1\nWe log. A.12.4.1", [("paragraph", "We lock. A.9.1.1"), ("paragraph", "We log. A.12.4.1")]),
        ("How we protect data\n\nWe lock.", [("heading", "How we protect data"), ("paragraph", "We lock.")]),
        (
            f"{'x' * 150}.\n\nPasswords of employees and of service accounts must have\nat least twelve characters.",
            [
                ("paragraph", f"{'x' * 150}."),
                ("paragraph", "Passwords of employees and of service accounts must have at least twelve characters."),
            ],
        ),
        ("\u200bWe\u00a0lock.\x07", [("paragraph", "We lock.")]),
    ],
)
def test_lines_are_told_apart_by_how_they_look(text, expected):
    assert [(block.kind.value, block.text) for block in read_plain(text)] == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ul><li><a>Products</a></li><li><a>Prices</a></li></ul><p>We lock.</p>", ["We lock."]),
        ("<div class='site-footer'>We are nice.</div><p>We lock.</p>", ["We lock."]),
        ("<p>We lock.</p><div role='navigation'><p>We sell.</p></div>", ["We lock."]),
        ("<p>We lock.</p><p aria-hidden='true'>We hide.</p><p style='display: none'>We hide.</p>", ["We lock."]),
        ("<p>We <b>lock</b> our <a href='#'>doors</a>.</p>", ["We lock our doors."]),
        ("<p>We lock<br>our doors.</p>", ["We lock our doors."]),
        ("<p>We lock.<br><br>We log.</p>", ["We lock.", "We log."]),
        ("<ul><li>We lock.<li>We log.</ul>", ["We lock.", "We log."]),
        ("<table><tr><td>We lock.</td></tr></table>", ["We lock."]),
        ("<table><tr><td><p>We lock.</p><p>We log.</p></td></tr></table>", ["We lock. We log."]),
        ("<table><tr><td>1</td><td><ul><li>We lock.</li><li>We log.</li></ul></td></tr></table>", ["1 | We lock.", "1 | We log."]),
        ("<header><h1>Security</h1></header><main><h2>Doors</h2><p>We lock.</p></main>", ["Security", "Doors", "We lock."]),
        ("<header><h1>Security</h1></header><p>We lock.</p>", ["Security", "We lock."]),
        ("<!-- We sell. --><p>We lock.</p><noscript>We sell.</noscript>", ["We lock."]),
    ],
)
def test_markup_is_read_as_a_reader_sees_it(markup, expected):
    assert [block.text for block in read_html(f"<html><body>{markup}</body></html>")] == expected


def test_only_the_main_part_is_read_where_a_page_marks_one():
    assert read_html("<body><p>We sell.</p><main><p>We lock.</p></main></body>") == (Block(Kind.PARAGRAPH, "We lock."),)
