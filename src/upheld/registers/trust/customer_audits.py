"""Actions on audits by customers (GDPR 28(3)(h)): ask for one, propose and agree on days, say what was found, answer that."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.files import Kept
from upheld.registers.owing import interval
from upheld.registers.privacy.announcing import speaks_for
from upheld.registers.privacy.information import KEEPERS, requested
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import LEADS, fill, in_order
from upheld.registers.trust.asked_models import CustomerAudit, How
from upheld.registers.words import Line, Prose

From = Annotated[date, "the first day"]
Until = Annotated[date, "the last day"]


def _open(audit: CustomerAudit) -> str:
    return "It is closed." if audit.closed_at else ""


def _to_propose(audit: CustomerAudit) -> str:
    if audit.confirmed_at:
        return "The customer agreed to the days."
    return _open(audit)


def _to_confirm(audit: CustomerAudit) -> str:
    return _to_propose(audit) or ("" if audit.agreed_from_on else "No days were proposed yet.")


def _to_report(audit: CustomerAudit) -> str:
    if audit.held_on:
        return "What was found was said already."
    return _open(audit) or ("" if audit.confirmed_at else "Nobody agreed on days yet.")


def _to_answer(audit: CustomerAudit) -> str:
    if audit.answered_at:
        return "It was answered already."
    return _open(audit) or ("" if audit.held_on else "The customer did not say yet what it found.")


@action(by=(Role.CUSTOMER,), makes=CustomerAudit)
def ask_for_audit(
    *,
    by: Person,
    customer: Customer,
    title: Line,
    what: Annotated[Prose, "what you want to look at"],
    how: How,
    from_on: Annotated[date, "the first day that suits you"],
    until_on: Annotated[date, "the last day that suits you"],
) -> CustomerAudit:
    """Ask, as a customer, to audit us. We propose days by the day that your contract gives."""
    _must_speak(by, customer)
    return _asked(customer, title, what, how, from_on, until_on)


@action(by=KEEPERS, makes=CustomerAudit)
def note_audit_request(
    customer: Customer, *, by: Person, title: Line, what: Prose, how: How, from_on: From, until_on: Until
) -> CustomerAudit:
    """Note that `customer` wants to audit us, and between which days."""
    return _asked(customer, title, what, how, from_on, until_on)


def _asked(customer: Customer, title: str, what: str, how: How, from_on: date, until_on: date) -> CustomerAudit:
    in_order(from_on, until_on)
    now = clock.now()
    if from_on < now.date():
        raise ill(from_on="This day is over.")
    return keep(fill(CustomerAudit(request=requested(customer, title, what, now)), how=how, from_on=from_on, until_on=until_on))


@action(by=KEEPERS, when=_to_propose)
def propose_audit_days(
    audit: CustomerAudit,
    *,
    by: Person,
    agreed_from_on: From,
    agreed_until_on: Until,
    terms: Annotated[Prose, "where, with whom, what can be seen, and what it takes"],
) -> CustomerAudit:
    """Propose days and terms to the customer. That answers its request; again, to propose others before it agreed."""
    in_order(agreed_from_on, agreed_until_on, "agreed_until_on")
    request, now = audit.request, clock.now()
    if agreed_from_on < now.date():
        raise ill(agreed_from_on="This day is over.")
    if request.answered_at is None:
        said = f"{agreed_from_on} to {agreed_until_on}: {terms}"
        keep(fill(request, answer=said, answered_at=now, answered_by=by.ref))
    days = {"agreed_from_on": agreed_from_on, "agreed_until_on": agreed_until_on}
    return keep(fill(audit, terms=terms, proposed_by=by.ref, **days))


@action(by=(Role.CUSTOMER,), when=_to_confirm)
def agree_to_audit_days(audit: CustomerAudit, *, by: Person) -> CustomerAudit:
    """Agree, for the customer, to the days and terms that were proposed."""
    _must_speak(by, audit.request.customer)
    return keep(fill(audit, confirmed_at=clock.now()))


@action(by=(*LEADS, Role.CUSTOMER), when=_to_report)
def report_customer_audit(
    audit: CustomerAudit,
    *,
    by: Person,
    held_on: Annotated[date, "the day on which it ended"],
    found: Annotated[Prose, "what was found, as the customer says it"],
    report: Annotated[Kept | None, "its report"] = None,
) -> CustomerAudit:
    """Say what the audit found. It is then answered within the time for questions about compliance."""
    now = clock.now()
    if held_on > now.date():
        raise ill(held_on="This day lies ahead.")
    due = interval("privacy", "information_window").after(now)
    return keep(fill(audit, held_on=held_on, found=found, report=report, answer_due_at=due))


@action(by=KEEPERS, when=_to_answer)
def answer_customer_audit(audit: CustomerAudit, *, by: Person, answer: Prose) -> CustomerAudit:
    """Answer what the audit found: what is mended by when, and what is seen otherwise."""
    return keep(fill(audit, answer=answer, answered_at=clock.now(), answered_by=by.ref))


@action(by=(Role.CUSTOMER,), when=_open)
def close_customer_audit(audit: CustomerAudit, *, by: Person) -> CustomerAudit:
    """Say, for the customer, that the audit is settled, or is not wanted any more."""
    _must_speak(by, audit.request.customer)
    if audit.request.answered_at is None:
        keep(fill(audit.request, answer="Withdrawn by the customer.", answered_at=clock.now(), answered_by=by.ref))
    if audit.held_on and not audit.answered_at:
        raise Refused("What it found was not answered yet.")
    return keep(fill(audit, closed_at=clock.now()))


def _must_speak(by: Person, customer: Customer) -> None:
    if not speaks_for(by, customer):
        raise NotAllowed("This is done by whoever is here for the customer.")
