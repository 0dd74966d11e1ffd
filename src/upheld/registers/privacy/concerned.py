"""Whose data go to a sub-processor or by a transfer, what their contracts say of it, and what still stands against its start."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from upheld import clock
from upheld.checks.span import Span, span
from upheld.registers.owing import interval
from upheld.registers.privacy.models import Authorisation, Contract
from upheld.registers.privacy.sharing_models import Announcement, Changes, CustomerNotice, Objection, Shared, SubProcessor, sent


def contracts(shared: Shared, on: date | None = None) -> list[Contract]:
    """Return the contracts of those whose data go there, on a day; of all times since it started where none is given.

    Of several contracts of one customer, each counts.
    """
    begins, ends = on or shared.started_on or clock.now().date(), on or shared.ended_on
    found = Contract.objects.filter(processes_personal_data=True).exclude(until_on__lt=begins).select_related("customer")
    if ends:
        found = found.filter(from_on__lte=ends)
    if shared.customers:
        found = found.filter(customer__name__in=shared.customers)
    return list(found.exclude(customer__name__in=shared.excluded).order_by("customer__name", "from_on", "id"))


def period(shared: Shared, contract: Contract) -> Span:
    """Return how long before the customer is told: as the contract says, and as the company does where that says nothing."""
    said = contract.subprocessor_notice if isinstance(shared, SubProcessor) else contract.transfer_notice
    return span(said) if said else interval("privacy", "change_notice")


def named_in(contract: Contract, shared: Shared) -> bool:
    """Whether the customer agreed to it in the contract itself, which somebody checked."""
    return contract.checked_at is not None and shared.name in contract.agreed_to


def needs_notice(announcement: Announcement, contract: Contract) -> bool:
    """Whether the customer is to be told: always of a change, and of what is new unless the contract names it."""
    return announcement.change == Changes.CHANGE or not named_in(contract, announcement.shared)


def earliest(known_at: datetime, ahead: Span) -> date:
    """Return the first day that begins a whole span after somebody knew."""
    over = ahead.after(known_at)
    day = over.astimezone(UTC).date()
    return day if datetime.combine(day, time(), UTC) >= over else day + timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """What is known of one customer's notice of an announcement: the notice, since when the customer knows, whether it objects."""

    notice: CustomerNotice | None
    known_at: datetime | None
    objects: bool


def told(announcement: Announcement) -> dict[int, Told]:
    """Return what is known of each customer that has a notice of `announcement`, by the customer's number."""
    notices = list(announcement.notices.all())
    mails = sent(each.message for each in notices if each.message)
    objecting = set(Objection.objects.filter(notice__announcement=announcement, settled_at=None).values_list("notice__customer", flat=True))
    return {each.customer_id: Told(each, each.delivered(mails), each.customer_id in objecting) for each in notices}


def in_the_way(announcement: Announcement, on: date) -> list[str]:
    """Return what stands against doing on a day what was announced, a sentence for each customer; nothing where it can be done."""
    known = told(announcement)
    found = (_against(announcement, each, known.get(each.customer_id, Told(None, None, False)), on) for each in _of(announcement, on))
    return list(dict.fromkeys(filter(None, found)))


def _of(announcement: Announcement, on: date) -> Iterable[Contract]:
    return contracts(announcement.shared, on)


def _against(announcement: Announcement, contract: Contract, its: Told, on: date) -> str:
    who, shared = contract.customer.title, announcement.shared
    if not contract.checked_at:
        return f"The contract with {who} was not checked against its signed text."
    if isinstance(shared, SubProcessor) and contract.authorisation == Authorisation.NONE:
        return f"The contract with {who} lets nobody else process its data."
    if its.objects:
        return f"{who} objects; settle that first."
    if not needs_notice(announcement, contract):
        return ""
    return next(_untold(announcement, contract, its, on), "")


def _untold(announcement: Announcement, contract: Contract, its: Told, on: date) -> Iterator[str]:
    who, shared = contract.customer.title, announcement.shared
    if its.notice is None:
        yield f"{who} was not told."
    elif its.known_at is None:
        yield f"Nothing proves that {who} was told; see its notice."
    elif isinstance(shared, SubProcessor) and contract.authorisation == Authorisation.SPECIFIC:
        if its.notice.authorised_at is None:
            yield f"{who} has not authorised it, and its contract demands that."
    elif (first := earliest(its.known_at, period(shared, contract))) > on:
        yield f"{who} knows since {its.known_at:%Y-%m-%d} and must be told {period(shared, contract)} before: not before {first}."


def not_passed_on(subprocessor: SubProcessor, on: date) -> list[str]:
    """Return what contracts with customers contain and the sub-processor's terms do not pass on (GDPR 28(4))."""
    demanded = {clause for contract in contracts(subprocessor, on) for clause in contract.clauses}
    return sorted(demanded - set(subprocessor.flow_down))
