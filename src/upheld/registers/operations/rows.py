"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from django.apps import apps

from upheld.evidence.table import Row
from upheld.registers.operations.models import CapacityOrder, GatewayTest, MalwareGateway, NetworkDevice, Runbook, System
from upheld.registers.rules import length, listed_elsewhere


def systems() -> Iterator[Row]:
    """Yield systems, without those that another source in use brings: each system stands once, as the company's own list says.

    Whether personal data are on one follows from its categories of data, and is unknown where it names none.
    """
    personal = dict(apps.get_model("registers", "DataCategory")._default_manager.values_list("name", "personal"))
    for each in System.objects.exclude(name__in=listed_elsewhere("systems")):
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


def network_admissions() -> Iterator[Row]:
    """Yield a row for each network that a device was admitted to, also those that may be there no more: it may have been seen before."""
    for each in NetworkDevice.objects.exclude(admitted_at=None):
        for network in each.networks:
            yield {
                "id": f"{each.hardware_address}/{network}",
                "hardware_address": each.hardware_address,
                "network_id": network,
                "title": each.title,
                "owner_id": each.owner,
                "admitted_at": each.admitted_at,
                "until_on": each.until_on,
                "withdrawn_at": each.withdrawn_at,
            }


def malware_gateways() -> Iterator[Row]:
    """Yield the places where files come in."""
    for each in MalwareGateway.objects.filter(ended_at=None):
        yield {"id": each.name, "title": each.title, "kind": each.kind, "system_id": each.system, "owner_id": each.owner}


def malware_tests() -> Iterator[Row]:
    """Yield tests of gateways that people did by hand, the newest of each."""
    newest = {each.gateway_id: each for each in GatewayTest.objects.order_by("at", "id").select_related("gateway")}
    for each in newest.values():
        yield {
            "id": f"{each.gateway.name}/hand",
            "gateway_id": each.gateway.name,
            "way": "hand",
            "tested_at": each.at,
            "caught": each.caught,
            "clean_passed": each.clean_passed,
            "said": each.note or None,
        }
