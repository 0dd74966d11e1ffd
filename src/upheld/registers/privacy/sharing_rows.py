"""Rows about whom personal data are shared with, and what customers were told of it, as measures read them."""

from collections.abc import Iterator
from itertools import chain

from upheld.evidence.table import Row
from upheld.registers.privacy.concerned import contracts, named_in, needs_notice, period
from upheld.registers.privacy.models import Contract
from upheld.registers.privacy.sharing_models import (
    Announcement,
    CustomerNotice,
    Destination,
    Objection,
    Shared,
    SubProcessor,
    Transfer,
    sent,
)
from upheld.registers.rules import length


def _all() -> Iterator[Shared]:
    yield from chain(SubProcessor.objects.all(), Transfer.objects.all())


def subprocessors() -> Iterator[Row]:
    """Yield sub-processors, planned, in use and past."""
    for each in SubProcessor.objects.all():
        yield {**_common(each), "supplier_id": each.supplier, "flow_down": list(each.flow_down), "terms": each.terms or None}


def transfers() -> Iterator[Row]:
    """Yield transfers to other jurisdictions, planned, going on and past."""
    for each in Transfer.objects.all():
        yield {**_common(each), "recipient": each.recipient, "basis": each.basis}


def _common(each: Shared) -> Row:
    return {
        "id": each.name,
        "title": each.title,
        "purpose": each.purpose,
        "data_categories": list(each.data_categories),
        "countries": list(each.countries),
        "safeguards": each.safeguards or None,
        "started_on": each.started_on,
        "ended_on": each.ended_on,
    }


def shared_customers() -> Iterator[Row]:
    """Yield, for each sub-processor and transfer that was ever in use, each contract whose customer's data go there."""
    for shared in _all():
        for contract in contracts(shared) if shared.started_on else ():
            yield {
                "id": f"{shared.kind}/{shared.name}/{contract.pk}",
                "kind": shared.kind,
                "shared_id": shared.name,
                "title": f"{shared.title} for {contract.customer}",
                "customer_id": contract.customer.name,
                "used_from_on": max(shared.started_on, contract.from_on) if shared.started_on else None,
                "agreed_on": contract.signed_on if named_in(contract, shared) else None,
                "checked": contract.checked_at is not None,
                "authorisation": contract.authorisation,
                "clauses": list(contract.clauses),
            }


def announced_changes() -> Iterator[Row]:
    """Yield what each customer concerned is to be told of each start and change; without an announcement, of the start itself."""
    for shared in _all():
        announced = list(Announcement.objects.filter(**{_field(shared): shared}, dropped_at=None))
        for announcement in announced:
            for contract in contracts(shared, announcement.done_on or announcement.planned_on):
                if needs_notice(announcement, contract):
                    yield _announced(shared, announcement, contract)
        if shared.started_on and not any(each.done_on for each in announced):
            for contract in contracts(shared, shared.started_on):
                if not named_in(contract, shared):
                    yield _announced(shared, None, contract)


def _field(shared: Shared) -> str:
    return "subprocessor" if isinstance(shared, SubProcessor) else "transfer"


def _announced(shared: Shared, announcement: Announcement | None, contract: Contract) -> Row:
    return {
        "id": f"{shared.kind}/{shared.name}/{announcement.pk if announcement else 'start'}/{contract.pk}",
        "kind": shared.kind,
        "shared_id": shared.name,
        "title": f"{shared.title} for {contract.customer}",
        "announcement_id": str(announcement.pk) if announcement else None,
        "change": announcement.change if announcement else "addition",
        "customer_id": contract.customer.name,
        "authorisation": contract.authorisation if isinstance(shared, SubProcessor) else None,
        "period": length(str(period(shared, contract))),
        "planned_on": announcement.planned_on if announcement else shared.started_on,
        "done_on": announcement.done_on if announcement else shared.started_on,
    }


def customer_notices() -> Iterator[Row]:
    """Yield what customers were told, with since when each knows; that is not known of a mail on its way, or one that came back."""
    notices = list(CustomerNotice.objects.select_related("announcement__subprocessor", "announcement__transfer", "customer"))
    mails = sent(each.message for each in notices if each.message)
    for each in notices:
        shared = each.announcement.shared
        yield {
            "id": str(each.pk),
            "kind": shared.kind,
            "shared_id": shared.name,
            "announcement_id": str(each.announcement_id),
            "customer_id": each.customer.name,
            "mode": each.mode,
            "written_at": each.at,
            "delivered_at": each.delivered(mails),
            "bounced_at": each.bounced_at,
            "authorised_at": each.authorised_at,
        }


def objections() -> Iterator[Row]:
    """Yield what customers object to, settled or not."""
    for each in Objection.objects.select_related("notice__customer", "notice__announcement"):
        yield {
            "id": str(each.pk),
            "announcement_id": str(each.notice.announcement_id),
            "customer_id": each.notice.customer.name,
            "raised_at": each.raised_at,
            "settled_at": each.settled_at,
            "settlement": each.settlement or None,
        }


def published_destinations() -> Iterator[Row]:
    """Yield the list that customers can read of where personal data may go."""
    for each in Destination.objects.filter(ended_at=None):
        yield {
            "id": str(each.pk),
            "country": each.country,
            "organisation": each.organisation or None,
            "published_at": each.published_at,
        }
