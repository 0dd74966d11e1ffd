"""Actions on devices in the company's networks: ask, admit by somebody else, withdraw."""

import re
from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.operations.models import NetworkDevice
from upheld.registers.rules import LEADS, STAFF, fill
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name

KEEPERS = (*LEADS, Role.OWNER)
GROUP = 0x01  # of the first byte: the address of many, which no device has (IEEE 802)
Networks = Annotated[list[Name], "short names of the networks, as sources call them"]


def normal(said: str) -> str:
    """Return the address as small digits between colons, however it was written; "" for what is none.

    >>> normal("00-1A-2B-3C-4D-5E"), normal("001a.2b3c.4d5e"), normal("printer")
    ('00:1a:2b:3c:4d:5e', '00:1a:2b:3c:4d:5e', '')
    """
    digits = re.sub(r"[:.\-\s]", "", said).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits) or int(digits[:2], 16) & GROUP or not int(digits, 16):
        return ""
    return ":".join(re.findall("..", digits))


@action(by=STAFF, makes=NetworkDevice)
def ask_admission(
    *,
    by: Person,
    hardware_address: Annotated[str, Text(40), "of its network card, as in 00:1a:2b:3c:4d:5e"],
    title: Annotated[Line, "what it is"],
    networks: Networks,
    owner: Annotated[PersonId | None, "who answers for it; yourself if not given"] = None,
    asset: Annotated[Annotated[str, Text(120)] | None, "its number in the inventory"] = None,
    until_on: Annotated[date | None, "the last day, where it is for a time"] = None,
) -> NetworkDevice:
    """Ask that a device be let into networks of the company. It may be there once somebody else has admitted it."""
    address = _address(hardware_address)
    if not networks:
        raise ill(networks="Name a network.")
    if until_on is not None and until_on < clock.now().date():
        raise ill(until_on="This day is over.")
    if NetworkDevice.objects.filter(hardware_address=address).exists():
        raise ill(hardware_address=f"There is a device with the address {address} already.")
    made = NetworkDevice(hardware_address=address, networks=sorted(set(networks)), until_on=until_on)
    return keep(fill(made, title=title, owner=owner or by.ref, asset=asset))


def _address(said: str) -> str:
    if not (address := normal(said)):
        raise ill(hardware_address="Write the twelve digits of one network card, as in 00:1a:2b:3c:4d:5e.")
    return address


def _open(device: NetworkDevice) -> str:
    return "It is withdrawn." if device.withdrawn_at else ""


@action(
    by=KEEPERS,
    apart_from=["ask-admission"],
    why_apart="nobody lets in what they asked for",
    when=lambda device: _open(device) or ("It is admitted already." if device.admitted_at else ""),
)
def admit_device(device: NetworkDevice, *, by: Person) -> NetworkDevice:
    """Let `device` into the networks that it asks for, from now on."""
    device.admitted_at, device.admitted_by = clock.now(), by.ref
    return keep(device)


@action(by=(*KEEPERS, Role.MANAGER), when=_open)
def withdraw_device(device: NetworkDevice, *, by: Person) -> NetworkDevice:
    """Say that `device` may be in the company's networks no more, from now on."""
    device.withdrawn_at = clock.now()
    return keep(device)
