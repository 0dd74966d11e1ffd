"""A document on paper: what it says in each form, for each audience, in both languages; and that the PDF is what it claims to be."""

import io
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document as Docx
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.exports.given import FIRST, NOW, SIGNED, UNSIGNED, Company
from tests.exports.qr import read

from upheld import clock
from upheld.cli.main import upheld
from upheld.exports.papers.paper import Audience, paper
from upheld.exports.papers.pdf import code, document_pdf
from upheld.exports.papers.sheet import document_xlsx
from upheld.exports.papers.word import document_docx
from upheld.exports.position import position
from upheld.ledger import store
from upheld.registers.governance.publication_models import DocumentVersion, Stage

SENTENCE = "Everybody signs, and has a role."


def made(audience: Audience = Audience.PUBLIC, language: str = "en", document: str = "mini", as_of=None):
    with clock.at(NOW):
        return paper(position(document, as_of), audience=audience, language=language)


def text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_pdf_says_each_promise_with_its_state_and_how_to_verify_it(company: Company):
    said = made(Audience.AUDITOR)
    read = text(document_pdf(said))
    for words in (SENTENCE, "unproven", "upheld", "Of 2 promises 1 are upheld.", "Contents", "Check it yourself", SIGNED):
        assert words in read
    log = store.current()
    assert log is not None and log.origin in read
    for line in said.note.strip().splitlines():
        assert line.replace(" ", "") in read.replace(" ", "")


def test_the_pdf_is_tagged_titled_in_its_language_and_for_archives(company: Company):
    made_of = document_pdf(made(language="de"))
    pdf = PdfReader(io.BytesIO(made_of))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"] == "de"
    assert pdf.metadata is not None and pdf.metadata.title == "A small promise"
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp and "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert len(pdf.outline) == 2  # its only section, and how to verify
    assert document_pdf(made(language="de")) == made_of


def test_the_pdf_needs_nothing_from_elsewhere_and_says_itself_what_its_parts_are(company: Company):
    pdf = PdfReader(io.BytesIO(document_pdf(made(Audience.AUDITOR))))
    root, objects = pdf.trailer["/Root"], [pdf.get_object(number) for number in range(1, int(pdf.trailer["/Size"]))]
    named = [each for each in objects if isinstance(each, dict)]
    assert not pdf.is_encrypted and pdf.trailer["/ID"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1" and root["/OutputIntents"][0]["/DestOutputProfile"].get_data()
    fonts = [each for each in named if each.get("/Type") == "/FontDescriptor"]
    assert fonts and all(each.keys() & {"/FontFile", "/FontFile2", "/FontFile3"} for each in fonts)
    assert not any(each.get("/S") in ("/JavaScript", "/Launch", "/URI") or "/AA" in each for each in named)
    kinds = Counter(each["/S"] for each in named if "/S" in each and "/P" in each)
    assert kinds["/Document"] == 1 and kinds["/H1"] == 3 and kinds["/TOC"] >= 1 and kinds["/P"] > 5  # contents, the section, how to check
    assert [each["/Alt"] for each in named if each.get("/S") == "/Figure"] == ["The checkpoint, as a code to scan"]
    assert all("/StructParents" in page and page["/Tabs"] == "/S" for page in pdf.pages)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_code_to_scan_holds_the_checkpoint(company: Company):
    note = made().note
    assert note.startswith(store.current().origin) and read(code(note)) == note
    cosigned = note + "".join(f"— witness-{number}.example {'A' * 104}\n" for number in range(60))
    assert read(code(cosigned)) == note  # signed by its log, without those who cosigned: they are in the text above it


def test_both_languages_say_the_same(company: Company):
    german = text(document_pdf(made(Audience.CUSTOMER, "de")))
    for words in (SENTENCE, "eingehalten", "unbelegt", "Inhalt", "Selbst nachprüfen", "Stand 6. Mai 2026"):
        assert words in german
    assert "upheld " not in german.replace("upheld ledger", "").replace("upheld verify", "")


@pytest.mark.parametrize("form", [document_pdf, document_docx, document_xlsx])
def test_each_audience_is_told_what_it_may_know_and_nobody_who_fails(company: Company, form):
    def said(audience: Audience) -> str:
        return _read(form, form(made(audience, as_of=FIRST.replace(hour=13))))

    public, customer, auditor = (said(each) for each in Audience)
    fact = "Everybody signs the confidentiality undertaking"
    assert fact not in public and fact in customer and fact in auditor
    assert "ISO/IEC 27001:2022 A.6.6" not in customer and "ISO/IEC 27001:2022 A.6.6" in auditor
    assert "1 fail" not in customer and "1 fail" in auditor
    assert "broken" in public
    for each in (public, customer, auditor):
        assert "Diddley" not in each and "Lovelace" not in each


def _read(form, made_of: bytes) -> str:
    if form is document_pdf:
        return text(made_of)
    if form is document_docx:
        return "\n".join(paragraph.text for paragraph in Docx(io.BytesIO(made_of)).paragraphs)
    return "\n".join(str(cell.value) for sheet in load_workbook(io.BytesIO(made_of)) for row in sheet for cell in row if cell.value)


def test_a_sentence_that_looks_like_code_stays_text(company: Company):
    hostile = '=cmd() #read("/etc/passwd") *x* <script> $1 + 2$ @label'
    file = company.workspace.documents / "mini.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Everybody signs, and has a role.", hostile.replace('"', '\\"')), encoding="utf-8"
    )
    said = made()
    assert hostile in text(document_pdf(said)).replace("“", '"').replace("”", '"')
    cells = [cell for row in load_workbook(io.BytesIO(document_xlsx(said)))["Promises"] for cell in row]
    assert hostile in {cell.value for cell in cells} and not any(cell.data_type == "f" for cell in cells)


def test_the_command_wants_one_document_and_enters_what_it_wrote(company: Company, tmp_path: Path):
    with clock.at(NOW):
        refused = CliRunner().invoke(upheld, ["export", "pdf", str(tmp_path / "all.pdf")])
        wrote = CliRunner().invoke(
            upheld, ["export", "pdf", str(tmp_path / "mini.pdf"), "--document", "mini", "--language", "de", "--json"]
        )
    assert refused.exit_code == 2 and "--document" in refused.output
    assert wrote.exit_code == 0, wrote.output
    (file,) = json.loads(wrote.stdout)["files"]
    log = store.current()
    assert log is not None and file["sha256"].encode() in log.entry(log.size() - 1)


def test_the_public_is_shown_a_break_once_the_grace_time_is_over(company: Company):
    said = {"title": "mini", "digest": "d", "author": "1", "drafted_at": FIRST}
    DocumentVersion.objects.create(document="mini", state=Stage.PUBLISHED, grace_hours=24, **said)
    broke_at = NOW + timedelta(days=40)  # it broke before, and what breaks again within a month is shown at once
    company.day(broke_at, UNSIGNED)
    lately, later = broke_at + timedelta(hours=1), broke_at + timedelta(hours=25)
    for at, public, state in ((lately, True, "upheld"), (lately, False, "broken"), (later, True, "broken")):
        with clock.at(at):
            read = text(document_pdf(paper(position("mini", public=public), audience=Audience.PUBLIC, language="en")))
        assert f"{state} mini:2" in read.replace("● ", "").replace("✕ ", "")
        assert "what breaks is shown here after 24 hours" in read


def test_without_typst_it_is_said_what_to_install_and_nothing_is_written(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("upheld.exports.papers.typeset.find_spec", lambda name: None)
    with clock.at(NOW):
        answer = CliRunner().invoke(upheld, ["export", "pdf", str(tmp_path / "out.pdf"), "--document", "mini"])
    assert answer.exit_code == 1 and "pip install 'upheld[pdf]'" in answer.output
    assert not (tmp_path / "out.pdf").exists()
