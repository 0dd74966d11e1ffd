"""Pages of many shapes, none of them anybody's: what comes out as promises, with which clauses and measures."""

import tomllib
from pathlib import Path

import docx
import pytest
from tests.documents.making import docx_page, pdf

from upheld.documents.document import load
from upheld.documents.importing.importing import Cover, Imported, as_toml, import_file

PAGES = Path(__file__).parent / "pages"


def texts(imported: Imported) -> list[str]:
    return [promise.text for promise in imported.document.promises]


def proposed(imported: Imported) -> dict[str, list[str]]:
    return {found.promise.text: [proposal.measure for proposal in found.proposals] for found in imported.found}


@pytest.fixture
def page(tmp_path: Path):
    def imported(text: str, name: str = "page.txt") -> Imported:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return import_file(path)

    return imported


def test_a_page_after_german_law_keeps_its_headings_and_its_fragments():
    imported = import_file(PAGES / "german_law.md")
    assert [(section.number, section.title.partition(" (")[0]) for section in imported.document.sections] == [
        ("1", "Confidentiality"),
        ("1.1", "Physical access control"),
        ("1.2", "System access control"),
        ("1.3", "Data access control"),
        ("1.4", "Separation control"),
        ("2", "Integrity"),
        ("2.1", "Transfer control"),
        ("3", "Availability and resilience"),
        ("4", "Regular testing, assessment and evaluation"),
    ]
    assert len(imported.document.promises) == 3 + 4 + 3 + 2 + 2 + 3 + 3
    assert imported.document.promises[0].text == "Alarm system at both sites"
    assert imported.document.title.startswith("Annex 2")


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Alarm system at both sites", "physical/monitoring_continuous"),
        ("Visitors are accompanied and entered in a visitors' book", "physical/visitors_confined"),
        ("Passwords of at least 14 characters", "access/password_rules_enforced"),
        ("Two-factor authentication for administrators", "access/mfa_required"),
        ("Automatic screen lock after five minutes", "access/screen_locks"),
        ("Hard disks of notebooks are encrypted", "assets/endpoint_encrypted"),
        ("Multi-tenant database with logical separation of clients", "separation/tenant_isolated"),
        ("Separation of production and test environment", "separation/environments_apart"),
        ("E-mails are sent with transport encryption", "transfer/mail_protected"),
        ("Daily backups; a restore is tried every quarter", "backup/restore_proven"),
        ("A data protection officer has been appointed", "governance/dpo_appointed"),
        ("Employees are trained and bound to confidentiality", "people/confidentiality_signed"),
    ],
)
def test_words_alone_find_the_measure(text, measure):
    assert measure in proposed(import_file(PAGES / "german_law.md"))[text][:2]


def test_a_table_gives_a_promise_a_row_with_the_clause_of_its_column():
    promises = import_file(PAGES / "table.html").document.promises
    assert [(promise.text, promise.label) for promise in promises[:3]] == [
        ("The accounts of people who leave are closed on their last day.", "ISO/IEC 27001:2022 A.5.18"),
        ("Everyone signs in with a hardware security key as second factor.", "ISO/IEC 27001:2022 A.8.5"),
        ("The use of privileged access rights by administrators is restricted.", "ISO/IEC 27001:2022 A.8.13"),
    ]


def test_a_clause_of_another_subject_is_corrected_in_words():
    promise = import_file(PAGES / "table.html").document.promises[2]
    assert promise.clauses == ("ISO/IEC 27001:2022 A.8.2",)
    assert promise.corrected == (
        "ISO/IEC 27001:2022 A.8.13 is about something else (Backups are made and restores tested); "
        "by its words the promise is ISO/IEC 27001:2022 A.8.2 (Privileged access rights are restricted and controlled)."
    )


def test_menus_scripts_banners_and_hidden_text_promise_nothing():
    imported = import_file(PAGES / "table.html")
    assert texts(imported)[3:] == [
        "All databases are backed up every night.",
        "We restore one of them every month to prove that it works.",
        "Servers take their time from one NTP source.",
        "Clocks that are off by a second raise an alarm.",
    ]
    assert imported.document.promises[3].label == "Operations, item 1: Backups"
    assert not {"We are hiring.", "We promise nothing here.", "We never say this.", "We are certified."} & {
        *texts(imported),
        *imported.left_out,
    }


def test_prose_broken_into_lines_gives_one_promise_a_sentence():
    imported = import_file(PAGES / "prose.txt")
    assert texts(imported) == [
        "At Fjordbank Ledger we keep what our customers entrust to us.",
        "Every laptop of an employee has its disk encrypted and runs a virus scanner whose signatures are at most one day old.",
        "Who leaves the company loses all accounts on the same day.",
        "Accounts that nobody used for ninety days are closed as well.",
        "Changes to our software are reviewed by a second engineer before they are merged.",
        "Production and test systems are separate networks.",
        "No customer record is ever copied into a test database.",
        "We tell customers thirty days ahead of every new sub-processor, so that they can object.",
        "Suppliers with access to personal data sign our security terms.",
    ]
    assert imported.left_out == ("Have you found a weakness?", "Please write to our security team.")


def test_a_promise_nothing_is_alike_is_said_to_be_not_covered(page):
    (found,) = page("Lunch is cooked by Fjordbank.\n").found
    assert (found.proposals, found.cover) == ((), Cover.NOT_COVERED)


def test_soc2_criteria_are_read_and_lead_to_measures():
    imported = import_file(PAGES / "soc2.md")
    assert [promise.clauses for promise in imported.document.promises][:3] == [
        ("SOC 2 CC6.2",),
        ("SOC 2 CC6.2", "SOC 2 CC6.3"),
        ("SOC 2 CC6.4",),
    ]
    assert imported.document.promises[5].corrected.startswith("SOC 2 CC6.9 does not exist; by its words the promise is SOC 2 CC6.8")
    assert "Capacity of databases is measured and forecast." in texts(imported)
    assert {"authorization/leaver_case_complete", "authorization/leavers_removed"} <= set(imported.document.promises[1].measures)


def test_a_numbered_list_has_its_wrong_numbers_corrected_and_its_right_ones_kept():
    promises = import_file(PAGES / "numbered.txt").document.promises
    assert [promise.clauses[:2] for promise in promises] == [
        ("ISO/IEC 27001:2013 A.13.1.1", "ISO/IEC 27001:2022 A.8.20"),
        ("ISO/IEC 27001:2013 A.10.1.2", "ISO/IEC 27001:2022 A.8.24"),
        ("ISO/IEC 27001:2013 A.8.1.2", "ISO/IEC 27001:2022 A.5.9"),
        ("ISO/IEC 27001:2013 A.11.2.9", "ISO/IEC 27001:2022 A.7.7"),
        ("ISO/IEC 27001:2013 A.8.3.2", "GDPR 5(1)(f)"),
    ]
    assert [bool(promise.corrected) for promise in promises] == [False, True, False, True, False]
    assert "A.11.2.12 does not exist" in promises[3].corrected


def test_an_item_that_a_list_goes_on_from_is_no_promise_of_its_own(page):
    found = page(
        "1. Access\n   - Passwords are stored hashed.\n   - Accounts are personal.\n"
        "2. Vulnerabilities are\n   * scanned for weekly\n   * patched within 14 days\n"
        "3. Backups are encrypted.\n   * Keys lie elsewhere.\n",
        "page.md",
    )
    assert [each.promise.text for each in found.found] == [
        "Passwords are stored hashed.",
        "Accounts are personal.",
        "Vulnerabilities are scanned for weekly",
        "Vulnerabilities are patched within 14 days",
        "Backups are encrypted.",
        "Keys lie elsewhere.",
    ]
    assert "Access:" in found.left_out


def test_numbered_headings_keep_their_numbers():
    imported = import_file(PAGES / "sections.txt")
    assert [promise.id for promise in imported.document.promises] == ["sections:1.1.1", "sections:1.2.1", "sections:2.1", "sections:2.2"]


def test_a_heading_that_cites_a_control_cites_it_for_what_stands_under_it(page):
    imported = page("# Controls\n\n## A.9.2.6 Leavers\n\nAccounts of leavers are closed the same day.\n", "page.md")
    assert imported.document.promises[0].clauses == ("ISO/IEC 27001:2013 A.9.2.6", "ISO/IEC 27001:2022 A.5.18")


def test_a_word_document_is_read_by_its_styles(tmp_path):
    imported = import_file(docx_page(tmp_path / "tannhof.docx"))
    assert [(promise.id, promise.text) for promise in imported.document.promises] == [
        ("tannhof:1.1", "Everybody signs a confidentiality agreement before the first day of work."),
        ("tannhof:2.1", "Disks of laptops are encrypted."),
        ("tannhof:2.2", "Virus signatures are updated daily."),
        ("tannhof:2.3", "All clocks follow one time server."),
    ]
    assert imported.document.title == "Security measures of Tannhof Robotics"
    assert imported.document.promises[3].clauses == ("ISO/IEC 27001:2013 A.12.4.4", "ISO/IEC 27001:2022 A.8.17")


def test_a_bold_numbered_line_of_a_word_document_heads_what_follows(tmp_path):
    page = docx.Document()
    for number, said in (("1. Doors", "All doors are locked."), ("2. Encryption", "Disks of laptops are encrypted.")):
        page.add_paragraph(number).runs[0].bold = True
        page.add_paragraph(said)
    page.save(str(tmp_path / "bold.docx"))
    document = import_file(tmp_path / "bold.docx").document
    assert [(section.number, section.title) for section in document.sections] == [("1", "Doors"), ("2", "Encryption")]
    assert [promise.id for promise in document.promises] == ["bold:1.1", "bold:2.1"]


def test_a_footnote_of_markdown_leaves_no_mark(page):
    said = page("# Controls\n\nDisks are encrypted[^1].\n\n[^1]: Lists are kept for a year.\n", "page.md").document.promises
    assert [promise.text for promise in said] == ["Disks are encrypted.", "Lists are kept for a year."]


def test_a_pdf_is_read_without_what_repeats_on_its_pages(tmp_path):
    path = tmp_path / "measures.pdf"
    path.write_bytes(
        pdf(
            [
                ["Rheinbogen - Security", "Technical measures", "", "1. Access", "We lock all screens after five", "minutes.", "Page 1"],
                [
                    "Rheinbogen - Security",
                    "2. Recovery",
                    "Every system is backed up daily, and restores are tes-",
                    "ted each quarter.",
                    "Page 2",
                ],
                ["Rheinbogen - Security", "3. People", "All staff are trained.", "Page 3"],
            ]
        )
    )
    imported = import_file(path)
    assert texts(imported) == [
        "We lock all screens after five minutes.",
        "Every system is backed up daily, and restores are tested each quarter.",
        "All staff are trained.",
    ]
    assert [section.title for section in imported.document.sections] == ["Access", "Recovery", "People"]


def test_sentences_that_promise_several_things_are_split(page):
    imported = page(
        "Our staff are bound to secrecy and may only read data they need.\n\n"
        "We make sure that access to backups is restricted, that backups are encrypted, and that no backup is restored unapproved.\n\n"
        "We patch servers weekly, and we test patches first.\n\n"
        "Firewalls, scanners and logs are reviewed and updated.\n"
    )
    assert texts(imported) == [
        "Our staff are bound to secrecy.",
        "Our staff may only read data they need.",
        "Access to backups is restricted.",
        "Backups are encrypted.",
        "No backup is restored unapproved.",
        "We patch servers weekly.",
        "We test patches first.",
        "Firewalls, scanners and logs are reviewed and updated.",
    ]


def test_sentences_before_one_citation_are_one_promise(page):
    imported = page("Access is restricted. This includes guests. ISO 27001/27002 - 9.4.1\n\nDoors are locked.\n")
    assert texts(imported) == ["Access is restricted. This includes guests.", "Doors are locked."]


def test_a_bullet_title_goes_to_the_label(page):
    imported = page("Measures\n\n- Key cards: handed out against signature\n- Alarms. An alarm guards the door.\n")
    assert [(promise.text, promise.label) for promise in imported.document.promises] == [
        ("handed out against signature", "Measures, item 1: Key cards"),
        ("An alarm guards the door.", "Measures, item 2: Alarms"),
    ]


def test_what_a_bullet_says_again_is_not_promised_twice(page):
    imported = page(
        "- We have appointed an officer who monitors and improves our programme. The officer monitors and improves our programme.\n"
    )
    assert len(imported.document.promises) == 1


def test_that_a_page_is_kept_current_is_a_promise(page):
    imported = page("This document describes our measures. This document is reviewed and updated every year.\n")
    assert texts(imported) == ["This document is reviewed and updated every year."]


def test_abbreviations_end_no_sentence(page):
    assert texts(page("We encrypt media (e.g. USB sticks, CDs etc.) with AES. Keys are kept by Mr. Lund in a safe.\n")) == [
        "We encrypt media (e.g. USB sticks, CDs etc.) with AES.",
        "Keys are kept by Mr. Lund in a safe.",
    ]


def test_the_majority_of_a_page_decides_the_edition_of_a_bare_number(page):
    imported = page(
        "Rights are reviewed by owners. ISO 27001/27002 - 9.2.5\n"
        "Users are registered. ISO 27001/27002 - 9.2.1\n"
        "People return our assets when they leave. ISO 27001/27002 - 8.14\n"
    )
    promise = imported.document.promises[2]
    assert promise.label == "ISO/IEC 27001:2013 A.8.14"
    assert promise.clauses[0] == "ISO/IEC 27001:2013 A.8.1.4"
    assert "does not exist" in promise.corrected


def test_a_page_in_another_language_is_said_to_be(page):
    french = (
        "Tous les collaborateurs sont formés chaque année. L'accès aux bureaux est surveillé. Les données sont sauvegardées chaque jour. "
        "Les mots de passe comptent au moins douze caractères. Les postes se verrouillent. Les visiteurs sont accompagnés."
    )
    assert "neither in English nor in German" in page(french).notes[0]


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_what_is_imported_loads_back_the_same(tmp_path, name):
    imported = import_file(PAGES / name)
    written = tmp_path / "written.toml"
    written.write_text(as_toml(imported.document), encoding="utf-8")
    assert load(written) == imported.document
    assert tomllib.loads(written.read_text(encoding="utf-8"))["id"] == imported.document.id


def test_the_chapters_a_page_says_nothing_about_are_named():
    assert "suppliers" in import_file(PAGES / "table.html").silent
    assert "authorization" not in import_file(PAGES / "table.html").silent


def test_one_word_in_common_with_another_clause_corrects_nothing(page):
    imported = page("Screens of our computers are cleaned weekly (ISO/IEC 27001:2022 A.7.13).\n")
    assert imported.document.promises[0].clauses == ("ISO/IEC 27001:2022 A.7.13",)
