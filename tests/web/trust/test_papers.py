"""The PDF and OSCAL beside the public pages: what the pages show, and nothing that they do not."""

import io
import json
import re
from dataclasses import replace
from urllib.parse import urljoin

from click.testing import CliRunner
from pypdf import PdfReader
from tests.web.trust.conftest import RESTORES, SECRET_NAMES
from tests.world import account, browser
from trestle.oscal.assessment_plan import Model as PlanModel
from trestle.oscal.assessment_results import Model as ResultsModel
from trestle.oscal.component import Model as ComponentModel

from upheld import clock
from upheld.accounts.role import Role
from upheld.checks.verdict import State
from upheld.cli.main import upheld
from upheld.documents.document import shipped
from upheld.registers.privacy import customers
from upheld.registers.trust import opening
from upheld.registers.trust.models import Shown
from upheld.verdicts.standing import DocumentStanding, PromiseStanding

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
    assert '<a href="paper.pdf">PDF</a>' in page and '<a href="../../documents/acme/assessment-results.json">OSCAL</a>' in page
    said = pdf(stranger)
    assert "Of 4 promises 1 are upheld." in said and "Nobody keeps rights." in said and "not shown" in said
    found = results(stranger)
    assert {each["title"]: each["target"]["status"]["state"] for each in found["findings"]} == {
        "acme:1.1": "not-satisfied",
        "acme:2.1": "satisfied",
        "acme:2.2": "not-satisfied",
    }
    assert "Von 4 Zusagen" in pdf(stranger, "de/documents/acme/paper.pdf")
    whole = json.dumps(found) + said
    assert not any(name in whole for name in SECRET_NAMES)


def test_every_page_leads_to_what_it_is_about_as_oscal_which_is_valid_and_hangs_together(center, stranger):
    """A page about no promise leads to all of them."""
    leads = {"": "oscal", "sub-processors/": "oscal", "documents/acme/": "documents/acme", "promises/acme-2.1/": "promises/acme-2.1"}
    found = {}
    for page, folder in leads.items():
        (link,) = re.findall(r'href="([^"]+)">OSCAL<', stranger.get(f"/trust/{page}").content.decode())
        found[folder] = stranger.get(urljoin(f"/trust/{page}", link)).content
        said = ResultsModel.model_validate_json(found[folder]).assessment_results
        plan = stranger.get(urljoin(f"/trust/{folder}/", said.import_ap.href))
        PlanModel.model_validate_json(plan.content)
        assert b"SELECT" not in plan.content and b'"steps"' not in plan.content  # a company's own queries may name anything
        proofs = re.findall(rb'"href":"([^"]+tlog-proof)"', found[folder])
        assert proofs and all(stranger.get(urljoin(f"/trust/{folder}/", each.decode())).status_code == 200 for each in proofs)
    titles = {folder: re.findall(rb'"title":"(acme:[^"]+)"', content) for folder, content in found.items()}
    assert titles["promises/acme-2.1"] == [b"acme:2.1"] and titles["documents/acme"] == titles["oscal"]
    assert len({json.loads(content)["assessment-results"]["uuid"] for content in found.values()}) == 3
    page = stranger.get("/trust/promises/acme-1.2/").content.decode()  # its state is not shown
    assert 'href="../../oscal/assessment-results.json">OSCAL' in page
    assert stranger.get("/trust/promises/acme-1.2/assessment-results.json").status_code == 404


def test_where_no_pdf_can_be_made_none_is_offered(center, lead, stranger, monkeypatch):
    monkeypatch.setattr("upheld.web.trust.papers.can_set", lambda: False)
    page = stranger.get("/trust/documents/acme/")
    assert page.status_code == 200 and b"paper.pdf" not in page.content and b">OSCAL<" in page.content
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
    assert "Of 4 promises 0 are upheld." in pdf(stranger)
    for audience, counted in (("public", "Of 4 promises 0"), ("customer", "Of 4 promises 1")):
        file = tmp_path / f"{audience}.pdf"
        answer = CliRunner().invoke(upheld, ["export", "pdf", str(file), "--document", "acme", "--audience", audience])
        assert answer.exit_code == 0, answer.output
        assert counted in text(file.read_bytes())
    assert FACT in text(file.read_bytes())
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.STATE, customers=Shown.STATE, why="The state alone.")
    file = tmp_path / "less.pdf"
    assert CliRunner().invoke(upheld, ["export", "pdf", str(file), "--document", "acme", "--audience", "customer"]).exit_code == 0
    less = text(file.read_bytes())
    assert "Of 4 promises 1" in less and FACT not in less
    assert less.count("since ") == 3 and less.count("not all of it was ever tested") == 1  # acme:2.2, which never was


def test_before_anything_was_judged_the_pdf_says_so_and_there_is_no_oscal(published, lead, stranger):
    opening.open_trust_center(by=lead, company="Acme", contact="security@acme.example")
    page = stranger.get("/trust/documents/acme/").content.decode()
    assert '<a href="paper.pdf">PDF</a>' in page and "OSCAL" not in page
    assert stranger.get("/trust/oscal/catalog.json").status_code == 404
    said = pdf(stranger)
    assert "Of 4 promises 0 are upheld." in said and said.count("not all of it was ever tested") == 4


def test_where_sentences_alone_are_shown_there_is_a_pdf_of_them_which_judging_does_not_change(center, lead, stranger, judged, noon):
    opening.change_trust_center(center, by=lead, company="Acme", contact="security@acme.example", public=Shown.SENTENCE)
    page = stranger.get("/trust/documents/acme/").content.decode()
    assert "How these 4 promises stand is not shown here." in page and '<a href="paper.pdf">PDF</a>' in page
    said = pdf(stranger)
    assert "How these 4 promises stand is not shown here." in said and said.count("not shown") >= 5
    assert not any(word in said for word in ("upheld.", "broken", "since ", "Of 4"))
    assert stranger.get("/trust/oscal/catalog.json").status_code == 404
    assert "Wie diese 4 Zusagen stehen, wird hier nicht gezeigt." in pdf(stranger, "de/documents/acme/paper.pdf")


def test_customers_get_the_pdf_with_what_they_are_shown(center, lead, stranger):
    customers.enter_customer(by=lead, name="shops", title="Shops", owner="P-lea", from_on=clock.now().date())
    opening.show_promise(by=lead, promise="acme:1.1", public=Shown.SENTENCE, customers=Shown.STATE, why="Not what it rests on.")
    zoe = browser(account("zoe", Role.CUSTOMER, over=("customer", "shops")))
    said = text(zoe.get("/yours/trust/documents/acme/paper.pdf").content)
    assert "for customers" in said and FACT in said and "Of 4 promises 1 are upheld." in said
    assert "engagement has ended" not in said and said.count("last looked at") == 3
    assert FACT not in pdf(stranger)


def test_a_promise_in_another_language_is_told_with_no_more_than_in_its_own():
    document = shipped()[0]
    told = PromiseStanding(replace(document.promises[0], measures=()), State.UPHELD, "", ())
    (german,) = DocumentStanding(document, State.UPHELD, (told,)).in_language("de").promises
    assert german.promise.text != document.promises[0].text and german.promise.measures == ()


def test_where_states_alone_are_shown_oscal_names_no_measure_and_is_valid(center, lead, stranger):
    opening.change_trust_center(center, by=lead, company="Acme", contact="security@acme.example", public=Shown.STATE)
    for name, model in (("assessment-results", ResultsModel), ("assessment-plan", PlanModel), ("component-definition", ComponentModel)):
        content = stranger.get(f"/trust/oscal/{name}.json").content
        model.model_validate_json(content)
        assert RESTORES.encode() not in content and FACT.encode() not in content
