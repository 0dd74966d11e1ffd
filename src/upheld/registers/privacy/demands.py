"""Actions on demands of authorities and others for customers' data: assessed, told, rejected, authorised; nothing is disclosed before."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Code
from upheld.registers.privacy.disclosing_models import DataDisclosure, DisclosureBasis, LegalRequest
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import LEADS, STAFF, all_known, fill, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

When = Annotated[datetime | None, "when; now if not given"]
Categories = Annotated[list[Name], "the short names of the data categories"]


def _open(demand: LegalRequest) -> str:
    return "It was rejected." if demand.rejected_at else ""


@action(by=STAFF, makes=LegalRequest)
def receive_demand(
    customer: Customer,
    *,
    by: Person,
    authority: Annotated[Line, "who demands it"],
    country: Annotated[Annotated[str, Code()], "a short code, as in de"],
    owner: Annotated[PersonId, "who sees to it"],
    what: Annotated[Prose, "what is demanded, and on what ground"],
    document: Annotated[Kept, "the demand as it came"],
    received_at: When = None,
) -> LegalRequest:
    """Take in that somebody demands data of `customer`. Nothing is given out before it was assessed."""
    said = {"authority": authority, "country": country, "owner": owner, "what": what, "document": document}
    return keep(fill(LegalRequest(customer=customer), **said, received_at=not_ahead(received_at, "received_at")))


@action(by=LEADS, when=lambda demand: _open(demand) or ("It was assessed already." if demand.assessed_at else ""))
def assess_demand(
    demand: LegalRequest,
    *,
    by: Person,
    binding: Annotated[bool, "whether the law obliges us to follow it"],
    why: Annotated[Prose, "why: who is competent, by which instrument, and how far it reaches"],
    prohibition: Annotated[Prose | None, "the law that forbids to tell the customer, where one does"] = None,
    prohibited_until_on: Annotated[date | None, "until when it does, where that is said"] = None,
) -> LegalRequest:
    """Say, as counsel, whether `demand` binds us. One that does not is rejected, or passed to the customer."""
    if prohibited_until_on and not prohibition:
        raise ill(prohibition="Say which law forbids it.")
    said = {"binding": binding, "why": why, "prohibition": prohibition, "prohibited_until_on": prohibited_until_on}
    return keep(fill(demand, **said, assessed_at=clock.now(), assessed_by=by.ref))


@action(by=LEADS, when=lambda demand: "The customer knows already." if demand.notified_at else "")
def notify_of_demand(
    demand: LegalRequest,
    *,
    by: Person,
    notice: Annotated[Kept, "what it was told, with the proof that it arrived"],
    at: When = None,
) -> LegalRequest:
    """Say that the customer knows of `demand`. Refused while a law forbids that."""
    when = not_ahead(at)
    if when < demand.received_at:
        raise ill(at="The customer cannot have been told before we knew.")
    if demand.prohibition and (demand.prohibited_until_on is None or demand.prohibited_until_on >= when.date()):
        raise Refused("A law forbids to tell the customer yet; see the assessment.")
    return keep(fill(demand, notified_at=when, notice=notice))


@action(by=LEADS, when=_open)
def reject_demand(demand: LegalRequest, *, by: Person, at: When = None) -> LegalRequest:
    """Reject `demand`: nothing is given out."""
    if demand.binding:
        raise Refused("It binds us; it can be contested, not rejected.")
    if demand.disclosures.exists():
        raise Refused("Data were disclosed already.")
    return keep(fill(demand, rejected_at=not_ahead(at)))


@action(by=LEADS, when=lambda demand: _open(demand) or ("It is authorised already." if demand.authorised_at else ""))
def note_authorisation(
    demand: LegalRequest, *, by: Person, letter: Annotated[Kept, "what the customer signed"], at: When = None
) -> LegalRequest:
    """Say that the customer, asked, agrees to what `demand` wants."""
    return keep(fill(demand, authorised_at=not_ahead(at), authorisation=letter))


@action(by=LEADS, makes=DataDisclosure, apart_from=["assess-demand"], why_apart="who assessed a demand does not disclose on it", when=_open)
def disclose(
    demand: LegalRequest,
    *,
    by: Person,
    what: Annotated[Prose, "exactly what is given out: no more than is demanded"],
    data_categories: Categories,
    export: Annotated[Line | None, "the number that the export has in its system's log"] = None,
) -> DataDisclosure:
    """Give out what `demand` wants. Refused before it was assessed, before the customer knows, or without a yes where it is not binding."""
    if demand.binding is None:
        raise Refused("Nobody assessed yet whether it binds us.")
    if not demand.binding and not demand.authorised_at:
        raise Refused("It does not bind us, and the customer has not agreed: reject it, or ask the customer.")
    if demand.binding and not demand.notified_at and not demand.prohibition:
        raise Refused("The customer was not told yet, and no law forbids that: tell it first.")
    basis = DisclosureBasis.LAW if demand.binding else DisclosureBasis.AUTHORISED
    said = {"recipient": demand.authority, "what": what, "data_categories": data_categories, "export": export, "basis": basis}
    all_known("data_categories", data_categories, "DataCategory")
    return keep(fill(DataDisclosure(demand=demand, customer=demand.customer), **said, owner=demand.owner, at=clock.now()))


@action(by=STAFF, makes=DataDisclosure)
def note_data_disclosure(
    *,
    by: Person,
    recipient: Annotated[Line, "who got them"],
    what: Annotated[Prose, "what was given"],
    data_categories: Categories,
    basis: Annotated[DisclosureBasis, "on what basis"],
    owner: Annotated[PersonId, "who answers for it"],
    customer: Annotated[Customer | None, "whose data they are, where we only process them"] = None,
    at: When = None,
    export: Annotated[Line | None, "the number that the export has in its system's log"] = None,
) -> DataDisclosure:
    """Note that personal data were given to a third party. What an authority demands is disclosed from that demand instead."""
    all_known("data_categories", data_categories, "DataCategory")
    if basis is DisclosureBasis.LAW:
        raise ill(basis="Enter the demand, and disclose from there.")
    said = {"recipient": recipient, "what": what, "data_categories": data_categories, "basis": basis, "owner": owner, "export": export}
    return keep(fill(DataDisclosure(customer=customer), **said, at=not_ahead(at)))
