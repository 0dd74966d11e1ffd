"""Rows about data that leave, as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.privacy.disclosing_models import DataDisclosure, LegalRequest, Transmission


def legal_requests() -> Iterator[Row]:
    """Yield demands for customers' data, with the first disclosure that followed."""
    first = dict(DataDisclosure.objects.exclude(demand=None).order_by("-at").values_list("demand_id", "at"))
    for each in LegalRequest.objects.select_related("customer"):
        yield {
            "id": str(each.pk),
            "title": str(each),
            "customer_id": each.customer.name,
            "country": each.country,
            "received_at": each.received_at,
            "binding": each.binding,
            "assessed_at": each.assessed_at,
            "prohibited": bool(each.prohibition),
            "prohibited_until_on": each.prohibited_until_on,
            "notified_at": each.notified_at,
            "rejected_at": each.rejected_at,
            "authorised_at": each.authorised_at,
            "disclosed_at": first.get(each.pk),
        }


def disclosures() -> Iterator[Row]:
    """Yield what was given to third parties."""
    for each in DataDisclosure.objects.select_related("customer"):
        yield {
            "id": str(each.pk),
            "recipient": each.recipient,
            "what": each.what or None,
            "data_categories": list(each.data_categories),
            "customer_id": each.customer.name if each.customer else None,
            "disclosed_at": each.at,
            "basis": each.basis or None,
            "export_id": each.export or None,
        }


def transmissions() -> Iterator[Row]:
    """Yield what was sent, with what the recipient says of it."""
    for each in Transmission.objects.all():
        yield {
            "id": str(each.pk),
            "title": str(each),
            "recipient": each.recipient,
            "channel": each.channel,
            "digest": each.digest,
            "sent_at": each.sent_at,
            "received_by": each.received_by or None,
            "received_digest": each.received_digest or None,
            "received_at": each.received_at,
        }
