"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.checks.span import span
from upheld.evidence.table import Row
from upheld.registers.physical.kinds import Looked
from upheld.registers.physical.models import (
    ControlRule,
    Door,
    Inspection,
    Perimeter,
    Protection,
    SecurityService,
    Site,
    Zone,
    ZoneControl,
)


def sites() -> Iterator[Row]:
    """Yield places."""
    for each in Site.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "operated_by": each.operated_by,
            "from_on": each.from_on,
            "hazards": list(each.hazards),
        }


def perimeters() -> Iterator[Row]:
    """Yield what surrounds them."""
    for each in Perimeter.objects.filter(ended_at=None).select_related("site"):
        yield {"id": str(each.pk), "site_id": each.site.name, "title": str(each)}


def zones() -> Iterator[Row]:
    """Yield areas."""
    for each in Zone.objects.filter(ended_at=None).select_related("site"):
        yield {
            "id": each.name,
            "title": each.title,
            "site_id": each.site.name,
            "perimeter_id": str(each.perimeter_id) if each.perimeter_id else None,
            "kind": each.kind,
            "classification": each.classification,
            "processes_data": each.processes_data,
            "personal_data": each.personal_data,
            "equipment": each.equipment,
            "desks": each.desks,
            "rules_digest": each.rules_digest or None,
        }


def zone_doors() -> Iterator[Row]:
    """Yield ways between zones that are there still."""
    for each in Door.objects.filter(ended_at=None, zone__ended_at=None, other__ended_at=None).select_related("zone", "other"):
        yield {"id": str(each.pk), "zone_id": each.zone.name, "other_zone_id": each.other.name, "control": each.control or None}


def zone_control_rules() -> Iterator[Row]:
    """Yield what zones of each class must have."""
    for rule in ControlRule.objects.all():
        for control in rule.controls or ["none"]:  # that nothing is needed was said, and is not the same as nothing said
            yield {"id": f"{rule.classification} {control}", "classification": rule.classification, "control": control}


def zone_controls() -> Iterator[Row]:
    """Yield what zones have."""
    for each in ZoneControl.objects.filter(ended_at=None).select_related("zone"):
        yield {"id": str(each.pk), "zone_id": each.zone.name, "control": each.control, "applied_on": each.applied_on}


def protections() -> Iterator[Row]:
    """Yield what protects sites, with the last test of each and until when that is enough."""
    last = {each.protection_id: each for each in Inspection.objects.filter(kind=Looked.PROTECTION).order_by("at", "pk")}
    for each in Protection.objects.filter(ended_at=None).select_related("site"):
        test = last.get(each.pk)
        yield {
            "id": str(each.pk),
            "site_id": each.site.name,
            "hazard": each.hazard,
            "title": each.title,
            "tested_at": test.at if test else None,
            # What did not work, and was mended, has not been shown to work since.
            "worked": test.passed if test else None,
            "test_due_at": span(each.test_every).after(test.at) if test else None,
        }


def inspections() -> Iterator[Row]:
    """Yield who looked at what."""
    for each in Inspection.objects.select_related("zone", "site"):
        subject = each.zone.name if each.zone else each.site.name if each.site else str(each.perimeter_id or each.protection_id)
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "subject_id": subject,
            "person_id": each.person,
            "inspected_at": each.at,
            "passed": each.passed,
            "closed_at": each.closed_at,
        }


def security_services() -> Iterator[Row]:
    """Yield contracts with those who guard sites."""
    for each in SecurityService.objects.select_related("site"):
        yield {"id": str(each.pk), "site_id": each.site.name, "title": each.title, "from_on": each.from_on, "until_on": each.until_on}
