"""Actions on transmissions of personal data: sent, and arrived."""

from datetime import datetime
from typing import Annotated

from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.privacy.disclosing_models import Channel, Transmission
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import STAFF, fill, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose

When = Annotated[datetime | None, "when; now if not given"]
Digest = Annotated[Line, "SHA-256 of what was sent, in hex"]


@action(by=STAFF, makes=Transmission)
def note_transmission(
    *,
    by: Person,
    recipient: Annotated[Line, "for whom they are"],
    what: Annotated[Prose, "what is sent"],
    channel: Annotated[Channel, "how"],
    digest: Digest,
    owner: Annotated[PersonId, "who answers for it"],
    customer: Annotated[Customer | None, "whose data they are, where we only process them"] = None,
    sent_at: When = None,
) -> Transmission:
    """Note that personal data were sent over a network or on a medium."""
    said = {"recipient": recipient, "what": what, "channel": channel, "digest": _hex(digest, "digest"), "owner": owner}
    return keep(fill(Transmission(customer=customer), **said, sent_at=not_ahead(sent_at, "sent_at")))


@action(by=STAFF, when=lambda transmission: "It arrived already." if transmission.received_at else "")
def confirm_arrival(
    transmission: Transmission,
    *,
    by: Person,
    received_by: Annotated[Line, "who says that it arrived"],
    digest: Annotated[Line, "SHA-256 of what arrived, in hex, as they say"],
    at: When = None,
) -> Transmission:
    """Note what the recipient says of `transmission`: even where it is somebody else, or something else, than was sent."""
    when = not_ahead(at)
    if when < transmission.sent_at:
        raise ill(at="It cannot have arrived before it was sent.")
    return keep(fill(transmission, received_by=received_by, received_digest=_hex(digest, "digest"), received_at=when))


def _hex(digest: str, field: str) -> str:
    said = digest.strip().lower()
    if len(said) != 64 or set(said) - set("0123456789abcdef"):
        raise ill(**{field: "SHA-256 in hex has 64 digits, as sha256sum prints it."})
    return said
