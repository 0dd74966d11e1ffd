"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from django.apps import apps

from upheld.evidence.table import Row
from upheld.registers.in_use import NAME as REGISTERS
from upheld.registers.operations.models import CapacityOrder, Runbook, System
from upheld.registers.rules import length, listed_systems
from upheld.sources.configured import in_use


def systems() -> Iterator[Row]:
    """Yield systems, without those that another source in use brings: each system stands once, as the company's own list says.

    Whether personal data are on one follows from its categories of data, and is unknown where it names none.
    """
    personal = dict(apps.get_model("registers", "DataCategory")._default_manager.values_list("name", "personal"))
    for each in System.objects.exclude(name__in=listed_systems({source.name for source in in_use() if source.kind != REGISTERS})):
        on_it = [personal.get(name) for name in each.data_categories]
        yield {
            "id": each.name,
            "name": each.title,
            "kind": each.kind,
            "environment": each.environment,
            "in_operation": each.retired_at is None,
            "criticality": each.criticality,
            "owner_id": each.owner,
            "mfa_required": each.mfa_required,
            "keys_required": each.keys_required,
            "holds_personal_data": True if True in on_it else None if None in on_it or not on_it else False,
            "region": each.region or None,
            "backup_interval": length(each.backup_interval),
            "backup_generations": each.backup_generations,
            "recovery_time": length(each.recovery_time),
            "recovery_point": length(each.recovery_point),
            "purpose": each.purpose,
            "supplier_id": each.supplier or None,
            "data_categories": list(each.data_categories),
            "runs_on": list(each.runs_on),
        }


def runbooks() -> Iterator[Row]:
    """Yield runbooks that are used, with when each was last found right."""
    for each in Runbook.objects.filter(retired_at=None).select_related("system"):
        yield {
            "id": str(each.pk),
            "system_id": each.system.name,
            "title": each.title,
            "owner_id": each.owner,
            "document_id": each.document or None,
            "looked_at": each.looked_at,
            "place": each.place or None,
            "task": each.task or None,
            "audience": list(each.audience),
        }


def capacity_orders() -> Iterator[Row]:
    """Yield more of a resource that is on its way."""
    for each in CapacityOrder.objects.filter(ended_at=None).select_related("system"):
        yield {
            "id": str(each.pk),
            "system_id": each.system.name,
            "resource": each.resource,
            "ready_on": each.ready_on,
            "owner_id": each.owner,
        }
