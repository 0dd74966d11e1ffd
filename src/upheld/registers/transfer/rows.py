"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.transfer.models import Shipment, TransferChannel


def transfer_channels() -> Iterator[Row]:
    """Yield channels that are used."""
    for each in TransferChannel.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "system_id": each.system,
            "recipient": each.recipient,
            "content": each.content,
            "way": each.way,
            "owner_id": each.owner,
            "endpoint_id": each.endpoint or None,
            "agreement": each.agreement or None,
            "agreed_until_on": each.agreed_until_on,
            "approved_at": each.approved_at,
        }


def channel_addresses() -> Iterator[Row]:
    """Yield where approved channels may go, the measured endpoint too."""
    for each in TransferChannel.objects.filter(ended_at=None).exclude(approved_at=None):
        for said in sorted({*each.addresses, *([each.endpoint] if each.endpoint else [])}):
            host, port = _apart(said)
            row = {"id": f"{each.name}/{said}", "channel_id": each.name, "system_id": each.system, "port": port}
            yield {**row, "address": host.rstrip("*"), "begins": host.endswith("*")}


def _apart(said: str) -> tuple[str, int | None]:
    """Return address and port of "host", "host:port" or "[2001:db8::1]:port"."""
    if said.startswith("["):
        host, _, rest = said[1:].partition("]")
        return host, int(rest[1:]) if rest else None
    host, _, port = said.partition(":")
    return host, int(port) if port else None


def shipments() -> Iterator[Row]:
    """Yield media that were sent, with whether the courier was approved when they left."""
    for each in Shipment.objects.select_related("courier"):
        courier, left_on = each.courier, each.sent_at.date()
        approved = courier.approved_at is not None and courier.approved_at <= each.sent_at
        yield {
            "id": str(each.pk),
            "title": each.title,
            "content": each.content,
            "encrypted": each.encrypted,
            "seal": each.seal or None,
            "courier": courier.title,
            "courier_approved": approved and (courier.until_on is None or courier.until_on >= left_on),
            "sent_at": each.sent_at,
            "due_on": each.due_on,
            "received_at": each.received_at,
            "seal_intact": each.seal_intact,
            "undamaged": each.undamaged,
        }
