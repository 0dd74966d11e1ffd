"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.privacy.models import Contract, Customer, DataCategory
from upheld.registers.rules import length


def data_categories() -> Iterator[Row]:
    """Yield categories of data that there are."""
    for each in DataCategory.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "personal": each.personal,
            "special": each.special,
            "of_customers": each.of_customers,
            "retention": length(each.retention),
            "owner_id": each.owner,
        }


def customers() -> Iterator[Row]:
    """Yield customers, present and past."""
    for each in Customer.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "country": each.country or None,
            "from_on": each.from_on,
            "until_on": each.until_on,
        }


def customer_contracts() -> Iterator[Row]:
    """Yield contracts with customers, checked or not."""
    for each in Contract.objects.select_related("customer"):
        yield {
            "id": str(each.pk),
            "customer_id": each.customer.name,
            "title": each.title,
            "signed_on": each.signed_on,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "processes_personal_data": each.processes_personal_data,
            "clauses": list(each.clauses),
            "data_categories": list(each.data_categories),
            "regions": list(each.regions),
            "authorisation": each.authorisation,
            "notice_period": length(each.notice_period),
            "subprocessor_notice": length(each.subprocessor_notice),
            "transfer_notice": length(each.transfer_notice),
            "notice_mode": each.notice_mode,
            "breach_notice": length(each.breach_notice),
            "rights_within": length(each.rights_within),
            "information_within": length(each.information_within),
            "deletion_within": length(each.deletion_within),
            "document": each.document,
            "checked_at": each.checked_at,
        }
