"""Actions on customers' requests for information, and on consents and ways to sign up."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.checks.span import span
from upheld.registers.owing import interval
from upheld.registers.privacy.announcing import speaks_for
from upheld.registers.privacy.models import Contract, Customer
from upheld.registers.privacy.processing_models import InformationRequest
from upheld.registers.rules import LEADS, fill, not_ahead
from upheld.registers.words import Line, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=InformationRequest)
def note_information_request(
    customer: Customer,
    *,
    by: Person,
    title: Line,
    what: Annotated[Prose, "what it wants to know, or see"],
    asked_at: Annotated[datetime | None, "when it asked; now if not given"] = None,
) -> InformationRequest:
    """Note that `customer` asks for what it needs to show that it keeps the law. By when it is answered, its contract says."""
    return requested(customer, title, what, not_ahead(asked_at, "asked_at"))


@action(by=(Role.CUSTOMER,), makes=InformationRequest)
def ask_for_information(
    *, by: Person, customer: Customer, title: Line, what: Annotated[Prose, "what you want to know, or see"]
) -> InformationRequest:
    """Ask, as a customer, for what you need to show that you keep the law."""
    if not speaks_for(by, customer):
        raise Refused("You can ask for your own company alone.")
    return requested(customer, title, what, clock.now())


def requested(customer: Customer, title: str, what: str, asked_at: datetime) -> InformationRequest:
    """Keep, within an action, that `customer` asked at an instant, due as its contract says."""
    agreed = Contract.objects.filter(customer=customer).exclude(information_within="").exclude(until_on__lt=asked_at.date()).first()
    within = span(agreed.information_within) if agreed else interval("privacy", "information_window")
    said = {"title": title, "what": what, "asked_at": asked_at, "due_at": within.after(asked_at)}
    return keep(InformationRequest(customer=customer, **said))


@action(by=KEEPERS, when=lambda request: "It was answered already." if request.answered_at else "")
def answer_information_request(
    request: InformationRequest,
    *,
    by: Person,
    answer: Prose,
    document: Annotated[Kept | None, "what was handed over, if it is more"] = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> InformationRequest:
    """Answer `request`."""
    when = not_ahead(at)
    if when < request.asked_at:
        raise ill(at="It cannot have been answered before it was asked.")
    return keep(fill(request, answer=answer, document=document, answered_at=when, answered_by=by.ref))
