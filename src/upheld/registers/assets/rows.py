"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.assets.models import (
    Asset,
    AssetClass,
    AssetPermission,
    Custody,
    Disposal,
    HandlingRule,
    InformationAsset,
    InformationStore,
    Sanitisation,
    UseAcknowledgement,
)


def registered_assets() -> Iterator[Row]:
    """Yield the inventory."""
    for each in Asset.objects.select_related("asset_class").iterator(chunk_size=2_000):
        yield {
            "id": each.name,
            "title": each.title,
            "kind": each.kind,
            "class_id": each.asset_class.name if each.asset_class else None,
            "owner_id": each.owner or None,
            "state": each.state,
            "storage": each.storage,
            "retired_at": each.retired_at,
            "disposed_at": each.disposed_at,
        }


def asset_classes() -> Iterator[Row]:
    """Yield classes of things."""
    for each in AssetClass.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "rules_digest": each.rules_digest or None,
            "roles": list(each.roles),
            "encrypted_off_site": each.encrypted_off_site,
        }


def asset_custodies() -> Iterator[Row]:
    """Yield who has or had what."""
    for each in Custody.objects.select_related("asset"):
        yield {
            "id": str(each.pk),
            "asset_id": each.asset.name,
            "holder_id": each.holder,
            "given_at": each.given_at,
            "signed_at": each.signed_at,
            "returned_at": each.returned_at,
        }


def use_acknowledgements() -> Iterator[Row]:
    """Yield who read the rules of which class."""
    for each in UseAcknowledgement.objects.select_related("asset_class"):
        yield {
            "id": str(each.pk),
            "class_id": each.asset_class.name,
            "person_id": each.person,
            "acknowledged_at": each.at,
            "digest": each.digest,
        }


def asset_permissions() -> Iterator[Row]:
    """Yield permissions, granted or asked for; refused ones give nothing."""
    for each in AssetPermission.objects.exclude(granted=False).select_related("asset"):
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "person_id": each.person,
            "asset_id": each.asset.name if each.asset else None,
            "from_at": each.from_at,
            "until_at": each.until_at,
            "asked_by_id": each.asked_by,
            "approved_by_id": each.decided_by or None,
            "approved_at": each.decided_at,
        }


def information_assets() -> Iterator[Row]:
    """Yield bodies of information."""
    for each in InformationAsset.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "law": each.law,
            "value": each.value,
            "criticality": each.criticality,
            "sensitivity": each.sensitivity,
            "classification": each.classification or None,
            "reviewed_at": each.reviewed_at,
        }


def handling_rules() -> Iterator[Row]:
    """Yield how each class is handled."""
    for each in HandlingRule.objects.all():
        yield {"id": each.classification, "encrypted": each.encrypted, "most_readers": each.most_readers}


def registered_stores() -> Iterator[Row]:
    """Yield where information may lie."""
    for each in InformationStore.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "classes": list(each.classes),
            "holds": list(each.holds),
            "label": each.label or None,
        }


def sanitisations() -> Iterator[Row]:
    """Yield what was wiped."""
    for each in Sanitisation.objects.select_related("asset"):
        yield {
            "id": str(each.pk),
            "asset_id": each.asset.name,
            "method": each.method,
            "sanitised_at": each.at,
            "verified_at": each.verified_at,
            "verified": each.verified,
        }


def disposals() -> Iterator[Row]:
    """Yield what was to go."""
    for each in Disposal.objects.select_related("asset"):
        yield {
            "id": str(each.pk),
            "asset_id": each.asset.name,
            "requested_by_id": each.requested_by,
            "requested_at": each.requested_at,
            "approved_by_id": each.approved_by or None,
            "approved_at": each.approved_at,
            "certified_at": each.certified_at,
            "certificate": each.certificate or None,
            "witness_id": each.witness or None,
            "disposed_at": each.disposed_at,
        }
