"""What a customer's people see: notices to answer, documents that are shared with them, what they asked, and the promises made to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.registers.privacy.models import Contract, Customer
from upheld.registers.privacy.processing_models import InformationRequest
from upheld.registers.privacy.sharing_models import CustomerNotice, Objection
from upheld.registers.trust.asked_models import CustomerAudit, Questionnaire
from upheld.registers.trust.models import TrustCenter
from upheld.registers.trust.sharing import agreed
from upheld.registers.trust.sharing_models import SharedDocument
from upheld.web.page import answer

MOST = 50


@dataclass(frozen=True)
class NoticeLine:
    """A notice, whether it still can be answered, and the objection that was raised to it, if any."""

    notice: CustomerNotice
    open: bool
    objection: Objection | None


@dataclass(frozen=True)
class DocumentLine:
    """A document, and whether its terms must be agreed to before it is handed out."""

    document: SharedDocument
    must_agree: bool


@dataclass(frozen=True)
class AuditLine:
    """An audit by the customer, with the clock that runs: what is due by when, and whether that is over; nothing where none does."""

    audit: CustomerAudit
    clock: str
    due_at: datetime | None
    late: bool


@dataclass(frozen=True)
class Space:
    """What is shared with one customer."""

    customer: Customer
    contracts: tuple[Contract, ...]
    notices: tuple[NoticeLine, ...]
    documents: tuple[DocumentLine, ...]
    asked: tuple[InformationRequest, ...]
    questionnaires: tuple[Questionnaire, ...]
    audits: tuple[AuditLine, ...]


@dataclass(frozen=True)
class CustomerPage:
    """The customers that whoever looks speaks for, each with what is shared with it; `names` are those that nobody entered yet."""

    names: tuple[str, ...]
    spaces: tuple[Space, ...]
    trust_center: bool


def customers_of(person: Person) -> tuple[str, ...]:
    """Return the short names of the customers that `person` is here for."""
    over = {each.over[1] for each in person.held if each.role is Role.CUSTOMER and each.over and each.over[0] == "customer"}
    return tuple(sorted(over))


def customer_of(person: Person, name: str) -> Customer | None:
    """Return the customer called `name` where `person` is here for it."""
    return Customer.objects.filter(name=name).first() if name in customers_of(person) else None


@require_safe
def yours(request: HttpRequest) -> HttpResponse:
    """Show what is shared with whoever looks."""
    person = cast(SignedInRequest, request).person
    names = customers_of(person)
    there = list(Customer.objects.filter(name__in=names))
    open_now = TrustCenter.objects.filter(closed_at=None).exists()
    page = CustomerPage(
        tuple(sorted(set(names) - {each.name for each in there})), tuple(_space(each, person) for each in there), bool(there) and open_now
    )
    return answer(request, "customer", page, place="customer")


def _space(customer: Customer, person: Person) -> Space:
    notices = CustomerNotice.objects.filter(customer=customer).select_related("announcement__subprocessor", "announcement__transfer")
    objections = {each.notice_id: each for each in Objection.objects.filter(notice__customer=customer).order_by("raised_at")}
    return Space(
        customer,
        tuple(contracts_of(customer)),
        tuple(_notice(each, objections.get(each.pk)) for each in notices[:MOST]),
        tuple(_documents(customer, person)),
        tuple(InformationRequest.objects.filter(customer=customer, questionnaire=None, audit=None)[:MOST]),
        tuple(Questionnaire.objects.filter(request__customer=customer).select_related("request")[:MOST]),
        tuple(map(_audit, CustomerAudit.objects.filter(request__customer=customer).select_related("request__customer")[:MOST])),
    )


def contracts_of(customer: Customer) -> QuerySet[Contract]:
    """Return the contracts with `customer` that are in force or begin later."""
    return Contract.objects.filter(customer=customer).exclude(until_on__lt=clock.now().date())


def _audit(audit: CustomerAudit) -> AuditLine:
    name, due_at = _clock(audit)
    return AuditLine(audit, name, due_at, due_at is not None and due_at < clock.now())


def _clock(audit: CustomerAudit) -> tuple[str, datetime | None]:
    """Return which clock of an audit runs, and until when."""
    if audit.closed_at or audit.answered_at:
        return "", None
    if audit.request.answered_at is None:
        return "propose", audit.request.due_at
    return ("answer", audit.answer_due_at) if audit.held_on else ("", None)


def _notice(notice: CustomerNotice, objection: Objection | None) -> NoticeLine:
    announcement = notice.announcement
    return NoticeLine(notice, announcement.done_on is None and announcement.dropped_at is None, objection)


def _documents(customer: Customer, person: Person) -> Iterable[DocumentLine]:
    for document in SharedDocument.objects.filter(ended_at=None).select_related("terms"):
        if document.is_for(customer) and (document.terms is None or document.terms.ended_at is None):
            yield DocumentLine(document, document.terms is not None and not agreed(document.terms, customer, person.ref))
