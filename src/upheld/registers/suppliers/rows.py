"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.rules import length
from upheld.registers.suppliers.looking_models import (
    Assurance,
    ChainDisclosure,
    ServiceChange,
    Subcontractor,
    SupplierIssue,
    SupplierReview,
)
from upheld.registers.suppliers.models import Agreement, Requirement, Supplier, SupplierAssessment


def suppliers() -> Iterator[Row]:
    """Yield suppliers, with when each was last looked at. The approval before it was engaged counts as the first look."""
    approved = dict(SupplierAssessment.objects.exclude(approved_at=None).order_by("approved_at").values_list("supplier_id", "approved_at"))
    reviewed = dict(SupplierReview.objects.order_by("at").values_list("supplier_id", "at"))
    disclosed = dict(ChainDisclosure.objects.order_by("at").values_list("supplier_id", "at"))
    for each in Supplier.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "provides": list(each.provides),
            "tier": each.tier,
            "touches": each.touches,
            "personal_data": each.personal_data,
            "countries": list(each.countries),
            "from_on": each.from_on,
            "until_on": each.until_on,
            "reviewed_at": max(filter(None, (approved.get(each.pk), reviewed.get(each.pk))), default=None),
            "chain_disclosed_at": disclosed.get(each.pk),
        }


def supplier_requirements() -> Iterator[Row]:
    """Yield what agreements must contain, by risk class."""
    for each in Requirement.objects.filter(ended_at=None):
        yield {"id": each.name, "title": each.title, "tiers": list(each.tiers), "supply_chain": each.supply_chain}


def supplier_agreements() -> Iterator[Row]:
    """Yield agreements, checked or not."""
    for each in Agreement.objects.select_related("supplier"):
        yield {
            "id": str(each.pk),
            "supplier_id": each.supplier.name,
            "title": each.title,
            "signed_on": each.signed_on,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "requirements": list(each.requirements),
            "recovery_time": length(each.recovery_time),
            "change_notice": length(each.change_notice),
            "breach_notice": length(each.breach_notice),
            "document": each.document,
            "checked_at": each.checked_at,
        }


def supplier_issues() -> Iterator[Row]:
    """Yield what suppliers have to put right."""
    for each in SupplierIssue.objects.select_related("review__supplier"):
        yield {
            "id": str(each.pk),
            "supplier_id": each.review.supplier.name,
            "due_on": each.due_on,
            "settled_at": each.settled_at,
        }


def subcontractors() -> Iterator[Row]:
    """Yield whom suppliers use for us."""
    for each in Subcontractor.objects.select_related("supplier"):
        yield {
            "id": str(each.pk),
            "supplier_id": each.supplier.name,
            "title": each.title,
            "country": each.country,
            "from_on": each.from_on,
            "until_on": each.until_on,
        }


def supplier_changes() -> Iterator[Row]:
    """Yield changes to what suppliers do for us."""
    for each in ServiceChange.objects.select_related("supplier"):
        yield {
            "id": str(each.pk),
            "supplier_id": each.supplier.name,
            "what": each.what,
            "announced_at": each.announced_at,
            "takes_effect_at": each.takes_effect_at,
            "systems": list(each.systems),
            "reassessed_at": each.reassessed_at,
            "reassessed_by_id": each.reassessed_by or None,
            "decision": each.decision or None,
            "decided_at": each.decided_at,
            "decided_by_id": each.decided_by or None,
        }


def assurance_reports() -> Iterator[Row]:
    """Yield certificates and reports about suppliers."""
    for each in Assurance.objects.select_related("supplier"):
        yield {
            "id": str(each.pk),
            "supplier_id": each.supplier.name,
            "kind": each.kind,
            "title": each.title,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "read_at": each.read_at,
            "read_by_id": each.read_by or None,
            "good": each.good,
        }
