"""Actions on what customers are given: publish terms, share a document; agree to the terms, fetch it."""

from hashlib import sha256
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.privacy.announcing import speaks_for
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import LEADS, all_known, fill
from upheld.registers.trust.sharing_models import Agreed, Fetched, SharedDocument, Terms
from upheld.registers.words import Line, Name, Prose


def _kept(record: Terms | SharedDocument) -> str:
    return "It ended already." if record.ended_at else ""


@action(by=LEADS, makes=Terms)
def publish_terms(*, by: Person, title: Line, text: Annotated[Prose, "what somebody agrees to"]) -> Terms:
    """Publish terms of confidentiality, which customers agree to before they fetch documents."""
    return keep(Terms(title=title, text=text, digest=sha256(text.encode()).hexdigest(), published_at=clock.now()))


@action(by=LEADS, when=_kept)
def end_terms(terms: Terms, *, by: Person) -> Terms:
    """Ask nobody to agree to `terms` any more; documents on these terms are handed out no longer."""
    return keep(fill(terms, ended_at=clock.now()))


@action(by=LEADS, makes=SharedDocument)
def share_document(
    *,
    by: Person,
    title: Line,
    file: Annotated[Kept, "a PDF; each copy is marked with who fetched it"],
    terms: Annotated[Terms | None, "which terms are agreed to first; none if not given"] = None,
    customers: Annotated[list[Name], "short names of the customers that it is for; all if none"] = [],  # noqa: B006  never changed
    what: Annotated[Prose | None, "what it is, in a sentence"] = None,
) -> SharedDocument:
    """Share a document with customers, as a report of a penetration test."""
    if not file.path.read_bytes().startswith(b"%PDF-"):
        raise ill(file="This is no PDF: others cannot be marked with who fetched them.")
    if terms is not None and terms.ended_at:
        raise ill(terms="These terms ended.")
    all_known("customers", customers, "Customer")
    return keep(fill(SharedDocument(shared_at=clock.now()), title=title, file=file, terms=terms, customers=sorted(customers), what=what))


@action(by=LEADS, when=_kept)
def stop_sharing(document: SharedDocument, *, by: Person) -> SharedDocument:
    """Hand `document` out no longer."""
    return keep(fill(document, ended_at=clock.now()))


@action(by=(Role.CUSTOMER,), makes=Agreed)
def agree_to_terms(
    *,
    by: Person,
    terms: Terms,
    customer: Customer,
    name: Annotated[Line, "who agrees: name and function"],
    digest: Annotated[str, Text(64), "the SHA-256 of the text that was shown"],
) -> Agreed:
    """Agree, for a customer, to terms of confidentiality."""
    _must_speak(by, customer)
    if terms.ended_at:
        raise Refused("These terms ended.")
    if digest != terms.digest:
        raise ill(digest="This is not the text of these terms: load the page again.")
    if agreed(terms, customer, by.ref):
        raise Refused("You agreed already.")
    return keep(Agreed(terms=terms, customer=customer, person=by.ref, name=name, digest=digest, at=clock.now()))


@action(by=(Role.CUSTOMER,), makes=Fetched)
def fetch_document(*, by: Person, document: SharedDocument, customer: Customer) -> Fetched:
    """Fetch, for a customer, a document that is shared with it. Each copy is entered and marked."""
    _must_speak(by, customer)
    if not document.is_for(customer):
        raise NotAllowed("There is no such document.")  # in the words of one that does not exist
    if document.terms is not None and (document.terms.ended_at or not agreed(document.terms, customer, by.ref)):
        raise Refused("Agree to the terms of confidentiality first.")
    return keep(Fetched(document=document, customer=customer, person=by.ref, file=document.file, at=clock.now()))


def agreed(terms: Terms, customer: Customer, person: str) -> bool:
    """Whether somebody agreed, for `customer`, to the text of `terms`."""
    return terms.agreements.filter(customer=customer, person=person, digest=terms.digest).exists()


def _must_speak(by: Person, customer: Customer) -> None:
    if not speaks_for(by, customer):
        raise NotAllowed("This is done by whoever is here for the customer.")
