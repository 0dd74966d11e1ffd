"""What a customer is given: documents behind terms, marked and entered; how promises stand, with numbers; and nothing of another's."""

import io
import zipfile

import pytest
from django.test import Client
from pypdf import PdfReader, PdfWriter
from tests.web.trust.conftest import SECRET_NAMES
from tests.world import account, browser, outsider, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.actions.files import keep_file
from upheld.ledger import store
from upheld.registers.privacy import customers
from upheld.registers.privacy.models import Customer
from upheld.registers.trust import opening, sharing
from upheld.registers.trust.models import Shown
from upheld.registers.trust.sharing_models import Agreed, Fetched, SharedDocument
from upheld.web.trust.marking import NotMarked, marked


def pdf(pages: int = 2) -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


@pytest.fixture
def zoe(center, lead) -> Client:
    """Zoe of Acme Shops, signed in; Brand is another customer."""
    for name in ("shops", "brand"):
        customers.enter_customer(by=lead, name=name, title=name.capitalize(), owner="P-lea", from_on=clock.now().date())
    return browser(outsider("zoe", Role.CUSTOMER, over=("customer", "shops")))


@pytest.fixture
def shared(zoe, lead) -> SharedDocument:
    """A report that all customers may have, on terms; another that is for Brand alone."""
    terms = sharing.publish_terms(by=lead, title="Confidentiality", text="You tell nobody.")
    sharing.share_document(by=lead, title="Of Brand", file=keep_file(pdf(1)), customers=["brand"])
    return sharing.share_document(by=lead, title="Penetration test", file=keep_file(pdf()), terms=terms, what="By others.")


def agree(zoe: Client, shared: SharedDocument):
    address = f"/yours/shops/terms/{shared.terms_id}/"
    return zoe.post(address, {"name": "Zoe, buyer", "digest": shared.terms.digest})


def test_a_document_is_handed_out_once_its_terms_were_agreed_to_and_marked(zoe, shared):
    assert b"First agree to: Confidentiality" in zoe.get("/yours/").content
    assert zoe.post(f"/yours/shops/documents/{shared.pk}").status_code == 409
    assert b"You tell nobody." in zoe.get(f"/yours/shops/terms/{shared.terms_id}/").content
    assert agree(zoe, shared).status_code == 302
    fetched = zoe.post(f"/yours/shops/documents/{shared.pk}")
    assert (fetched.status_code, fetched.headers["Content-Type"]) == (200, "application/pdf")
    record = Fetched.objects.get()
    pages = PdfReader(io.BytesIO(fetched.content)).pages
    assert len(pages) == 2
    for page in pages:
        assert page.extract_text().count(f"{record.pk} · for Shops, Zoe · 2026-05-04 12:00 UTC · confidential") == 2
    assert (record.person, record.file, Agreed.objects.get().name) == (
        str(Account.objects.get(mail="zoe@example.org").pk),
        shared.file,
        "Zoe, buyer",
    )
    assert zoe.get(f"/yours/shops/documents/{shared.pk}").status_code == 405  # looking at an address fetches nothing


def test_that_it_was_fetched_is_in_the_ledger_without_a_name(zoe, shared):
    from upheld.ledger.sequencer import sequence

    agree(zoe, shared)
    zoe.post(f"/yours/shops/documents/{shared.pk}")
    sequence()
    log = store.current()
    entries = [log.entry(number) for number in range(log.size())]
    assert any(b'"trust.fetch-document"' in entry for entry in entries)
    assert not any(b"zoe" in entry.lower() for entry in entries)


def test_another_customers_documents_are_not_there(zoe, shared, lead):
    of_brand = SharedDocument.objects.get(title="Of Brand")
    assert b"Of Brand" not in zoe.get("/yours/").content
    for address in (f"/yours/shops/documents/{of_brand.pk}", f"/yours/brand/documents/{of_brand.pk}", "/yours/shops/documents/999"):
        assert zoe.post(address).status_code == 404
    assert zoe.get("/yours/brand/assurance.zip").status_code == 404
    somebody = person(account("yan", Role.CUSTOMER, over=("customer", "shops")))
    brand = Customer.objects.get(name="brand")
    with pytest.raises(NotAllowed):
        sharing.fetch_document(by=somebody, document=of_brand, customer=brand)
    with pytest.raises(NotAllowed):
        sharing.fetch_document(by=somebody, document=of_brand, customer=Customer.objects.get(name="shops"))
    with pytest.raises(NotAllowed):
        sharing.agree_to_terms(by=somebody, terms=shared.terms, customer=brand, name="x", digest=shared.terms.digest)


def test_what_ended_is_handed_out_no_longer(zoe, shared, lead):
    agree(zoe, shared)
    sharing.end_terms(shared.terms, by=lead)
    assert zoe.post(f"/yours/shops/documents/{shared.pk}").status_code == 409
    sharing.stop_sharing(SharedDocument.objects.get(pk=shared.pk), by=lead)
    assert zoe.post(f"/yours/shops/documents/{shared.pk}").status_code == 404
    assert b"Penetration test" not in zoe.get("/yours/").content


def test_another_text_than_was_shown_is_not_agreed_to(zoe, shared):
    said = zoe.post(f"/yours/shops/terms/{shared.terms_id}/", {"name": "Zoe", "digest": "0" * 64})
    assert said.status_code == 400 and b"load the page again" in said.content
    assert not Agreed.objects.exists()


def test_only_what_can_be_marked_is_shared(lead, center):
    with pytest.raises(Ill, match="no PDF"):
        sharing.share_document(by=lead, title="Letter", file=keep_file(b"plain"))
    for damaged in (b"%PDF-1.7 nothing", pdf()[:200]):
        with pytest.raises(NotMarked):
            marked(damaged, "x")


def test_a_document_that_cannot_be_marked_was_not_fetched(zoe, lead):
    document = sharing.share_document(by=lead, title="Damaged", file=keep_file(b"%PDF-1.7 nothing"))
    assert zoe.post(f"/yours/shops/documents/{document.pk}").status_code == 409
    assert not Fetched.objects.exists()


def test_whatever_somebody_is_called_stays_text_in_the_mark():
    words = r"1 · for A) Tj ET (\) \(x, Ľudmila ✓"
    page = PdfReader(io.BytesIO(marked(pdf(1), words))).pages[0]
    assert page.extract_text().count(words.replace("Ľ", "L").replace("✓", "?")) == 2


def test_customers_read_more_than_everybody_and_still_no_names(zoe, lead, stranger):
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.STATE, customers=Shown.NUMBERS, why="Numbers for customers.")
    assert b"subject pass" not in stranger.get("/trust/promises/acme-2.1/").content
    read = zoe.get("/yours/trust/promises/acme-2.1/")
    assert b"1 of 1 subject pass" in read.content and "private" in read.headers["Cache-Control"]
    assert "● upheld" in zoe.get("/yours/trust/").content.decode().replace("</span> ", " ").replace(
        '<span class="mark" aria-hidden="true">', ""
    )
    pack = zoe.get("/yours/shops/assurance.zip")
    with zipfile.ZipFile(io.BytesIO(pack.content)) as archive:
        assert b"1 of 1 subject pass" in archive.read("promises/acme-2.1/index.html")
        for name in archive.namelist():
            for secret in () if name.endswith(".pyz") else SECRET_NAMES:
                assert secret.encode() not in archive.read(name), name


def test_nobody_else_reads_the_customers_edition(zoe, stranger):
    for path in ("/yours/trust/", "/yours/trust/documents/acme/", "/yours/shops/assurance.zip"):
        assert stranger.get(path).status_code == 302
        assert browser(account(f"eve{len(path)}", Role.EMPLOYEE)).get(path).status_code == 404
    assert zoe.get("/trust/").status_code == 200


def test_an_agreement_is_one_persons(zoe, shared):
    agree(zoe, shared)
    other = browser(account("yan", Role.CUSTOMER, over=("customer", "shops")))
    assert b"First agree to" in other.get("/yours/").content
    xia, shops = person(account("xia", Role.CUSTOMER, over=("customer", "shops"))), Customer.objects.get(name="shops")
    with pytest.raises(Refused, match="Agree"):
        sharing.fetch_document(by=xia, document=shared, customer=shops)
