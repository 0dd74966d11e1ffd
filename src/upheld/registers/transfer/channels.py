"""Actions on channels by which information leaves: enter, change, approve by somebody else, end."""

import re
from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Text
from upheld.registers.rules import LEADS, all_known, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.transfer.models import Content, TransferChannel, Way
from upheld.registers.words import Line, Name

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
# A name or an address, or the beginning of an address up to a dot or colon and a star; then perhaps a port.
PLACE = re.compile(r"(?:\[[0-9a-f:]+\]|[0-9a-z][0-9a-z.-]*|(?:[0-9]{1,3}\.){1,3}\*)(?::[0-9]{1,5})?")
ENDPOINT = re.compile(r"(?:\[[0-9a-f:]+\]|[0-9a-z][0-9a-z.-]*):[0-9]{1,5}")
System = Annotated[Name, "the short name of the system that it comes from"]
Recipient = Annotated[Line, "who gets it"]
Class = Annotated[Content, "the highest class of what goes through it"]
Endpoint = Annotated[Annotated[str, Text(300)] | None, "host:port that takes it, as the source tls measures it"]
Addresses = Annotated[list[Annotated[str, Text(300)]], "where it goes: names, addresses, 10.1.* for all that begin so; perhaps with :port"]
Agreement = Annotated[Line | None, "the agreement with the recipient, and where it is kept"]
AgreedUntil = Annotated[date | None, "the last day of the agreement, if it has one"]


def _open(channel: TransferChannel) -> str:
    return "This channel has ended." if channel.ended_at else ""


@action(by=KEEPERS, makes=TransferChannel)
def enter_channel(
    *,
    by: Person,
    name: Name,
    title: Line,
    system: System,
    recipient: Recipient,
    content: Class,
    way: Way,
    owner: PersonId,
    endpoint: Endpoint = None,
    addresses: Addresses = [],  # noqa: B006  never changed
    agreement: Agreement = None,
    agreed_until_on: AgreedUntil = None,
) -> TransferChannel:
    """Enter a way by which information leaves. Somebody else approves it before it counts."""
    not_taken(TransferChannel, name)
    given = {key: value for key, value in locals().items() if key != "by"}
    return keep(_said(TransferChannel(), **given))


@action(by=KEEPERS, when=_open)
def change_channel(
    channel: TransferChannel,
    *,
    by: Person,
    title: Line,
    system: System,
    recipient: Recipient,
    content: Class,
    way: Way,
    owner: PersonId,
    endpoint: Endpoint = None,
    addresses: Addresses = [],  # noqa: B006  never changed
    agreement: Agreement = None,
    agreed_until_on: AgreedUntil = None,
) -> TransferChannel:
    """Say anew what goes through `channel`, and where to. Where that is something else, it is approved anew."""
    given = {key: value for key, value in locals().items() if key not in ("by", "channel")}
    before = _approved_things(channel)
    _said(channel, **given)
    if _approved_things(channel) != before:
        channel.approved_at, channel.approved_by = None, ""
    return keep(channel)


@action(
    by=LEADS,
    apart_from=["enter-channel", "change-channel"],
    why_apart="nobody approves the channel that they entered",
    when=lambda channel: _open(channel) or ("It is approved already." if channel.approved_at else ""),
)
def approve_channel(channel: TransferChannel, *, by: Person) -> TransferChannel:
    """Approve that information of this class leaves by `channel`."""
    if channel.content in (Content.CONFIDENTIAL, Content.PERSONAL) and not (channel.agreement and channel.endpoint):
        raise Refused("Confidential and personal data take an agreement, and an endpoint that can be measured.")
    channel.approved_at, channel.approved_by = clock.now(), by.ref
    return keep(channel)


@action(by=KEEPERS, when=_open)
def end_channel(channel: TransferChannel, *, by: Person) -> TransferChannel:
    """Say that nothing leaves by `channel` any more."""
    channel.ended_at = clock.now()
    return keep(channel)


def _approved_things(channel: TransferChannel) -> list[object]:
    return [getattr(channel, name) for name in ("system", "recipient", "content", "way", "endpoint", "addresses", "agreement")]


def _said(channel: TransferChannel, *, system: str, endpoint: str | None, addresses: list[str], **others: object) -> TransferChannel:
    all_known("system", [system], "System")
    endpoint, addresses = (endpoint or "").strip().lower(), [each.strip().lower() for each in addresses]
    if endpoint and not ENDPOINT.fullmatch(endpoint):
        raise ill(endpoint="Write host:port, as in sftp.example.org:22.")
    if wrong := [each for each in addresses if not PLACE.fullmatch(each)]:
        raise ill(addresses=f"{wrong[0]} is no name, address or beginning of an address such as 10.1.*; networks are written so too.")
    return fill(channel, system=system, endpoint=endpoint, addresses=addresses, **others)
