"""The PDF and OSCAL beside the public pages: what the pages show, and nothing that they do not."""

import io
import json

from click.testing import CliRunner
from pypdf import PdfReader
from tests.web.trust.conftest import SECRET_NAMES

from upheld.cli.main import upheld
from upheld.registers.trust import opening
from upheld.registers.trust.models import Shown

FACT = "its content verified"  # of what proves 2.1


def pdf(stranger, path: str = "documents/acme/paper.pdf") -> str:
    answer = stranger.get(f"/trust/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    return text(answer.content)


def text(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())


def results(stranger) -> dict:
    return json.loads(stranger.get("/trust/oscal/assessment-results.json").content)["assessment-results"]["results"][0]


def test_pages_lead_to_their_pdf_and_oscal_which_say_what_they_show(center, lead, stranger):
    page = stranger.get("/trust/documents/acme/").content.decode()
    assert '<a href="paper.pdf">PDF</a>' in page and '<a href="../../oscal/assessment-results.json">OSCAL</a>' in page
    said = pdf(stranger)
    assert "Of 3 promises 1 are upheld." in said and "Nobody keeps rights." in said and "not shown" in said
    found = results(stranger)
    assert {each["title"]: each["target"]["status"]["state"] for each in found["findings"]} == {
        "acme:1.1": "not-satisfied",
        "acme:2.1": "satisfied",
        "acme:2.2": "not-satisfied",
    }
    assert "Von 3 Zusagen" in pdf(stranger, "de/documents/acme/paper.pdf")
    whole = json.dumps(found) + said
    assert not any(name in whole for name in SECRET_NAMES)


def test_where_no_pdf_can_be_made_none_is_offered(center, lead, stranger, monkeypatch):
    monkeypatch.setattr("upheld.web.trust.papers.can_set", lambda: False)
    page = stranger.get("/trust/documents/acme/")
    assert page.status_code == 200 and b"paper.pdf" not in page.content and b"oscal/" in page.content
    assert stranger.get("/trust/documents/acme/paper.pdf").status_code == 404


def test_what_is_not_shown_of_a_promise_is_in_none(center, lead, stranger, tmp_path):
    before = results(stranger)
    assert any(each["title"].startswith("Restores") or "restore" in each["title"].lower() for each in before["observations"])
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.STATE, customers=Shown.NUMBERS, why="The state alone.")
    found = results(stranger)
    assert "acme:2.1" in {each["title"] for each in found["findings"]}
    assert not any("restore" in each["title"].lower() for each in found["observations"])
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.SENTENCE, customers=Shown.NUMBERS, why="The sentence alone.")
    assert "acme:2.1" not in json.dumps(results(stranger))
    assert "Of 2 promises 0 are upheld." in pdf(stranger)
    for audience, counted in (("public", "Of 2 promises 0"), ("customer", "Of 4 promises 1")):
        file = tmp_path / f"{audience}.pdf"
        answer = CliRunner().invoke(upheld, ["export", "pdf", str(file), "--document", "acme", "--audience", audience])
        assert answer.exit_code == 0, answer.output
        assert counted in text(file.read_bytes())
    assert FACT in text(file.read_bytes())
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.STATE, customers=Shown.STATE, why="The state alone.")
    file = tmp_path / "less.pdf"
    assert CliRunner().invoke(upheld, ["export", "pdf", str(file), "--document", "acme", "--audience", "customer"]).exit_code == 0
    assert "Of 4 promises 1" in text(file.read_bytes()) and FACT not in text(file.read_bytes())


def test_before_anything_was_judged_there_is_neither(published, lead, stranger):
    opening.open_trust_center(by=lead, company="Acme", contact="security@acme.example")
    page = stranger.get("/trust/documents/acme/").content.decode()
    assert "paper.pdf" not in page and "oscal" not in page
    assert [stranger.get(f"/trust/{each}").status_code for each in ("documents/acme/paper.pdf", "oscal/catalog.json")] == [404, 404]
