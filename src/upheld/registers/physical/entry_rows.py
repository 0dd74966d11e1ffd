"""Rows about comings and goings, as measures read them. Names of visitors stay in the register."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.physical.models import Badge, Delivery, RulesAcknowledgement, Visit, ZoneAuthorisation


def zone_authorisations() -> Iterator[Row]:
    """Yield who may enter what, now or once."""
    for each in ZoneAuthorisation.objects.select_related("zone"):
        yield {
            "id": str(each.pk),
            "person_id": each.person,
            "zone_id": each.zone.name,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "authorised_by": each.authorised_by,
            "withdrawn_at": each.withdrawn_at,
        }


def zone_rule_acknowledgements() -> Iterator[Row]:
    """Yield who read the working rules of which zone."""
    for each in RulesAcknowledgement.objects.select_related("zone"):
        yield {
            "id": str(each.pk),
            "zone_id": each.zone.name,
            "person_id": each.person,
            "acknowledged_at": each.at,
            "digest": each.digest,
        }


def badges() -> Iterator[Row]:
    """Yield who has or had which badge, key or code."""
    for each in Badge.objects.all():
        yield {
            "id": str(each.pk),
            "number": each.number,
            "kind": each.kind,
            "person_id": each.person,
            "given_at": each.given_at,
            "returned_at": each.returned_at,
        }


def visits() -> Iterator[Row]:
    """Yield visits, without the visitors' names."""
    for each in Visit.objects.select_related("site"):
        yield {
            "id": str(each.pk),
            "site_id": each.site.name,
            "host_id": each.host,
            "badge": each.badge or None,
            "zones": list(each.zones),
            "in_at": each.in_at,
            "out_at": each.out_at,
            "leave_by_at": each.leave_by_at,
        }


def deliveries() -> Iterator[Row]:
    """Yield what was delivered."""
    for each in Delivery.objects.select_related("zone"):
        yield {
            "id": str(each.pk),
            "zone_id": each.zone.name,
            "what": each.what,
            "received_at": each.received_at,
            "inspected_at": each.inspected_at,
        }
