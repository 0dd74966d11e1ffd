"""Security descriptors of Active Directory: who may change a group's members, or the rights themselves (MS-DTYP 2.4)."""

import struct
from collections.abc import Iterator
from uuid import UUID

ALLOW, ALLOW_OBJECT = 0x00, 0x05
INHERIT_ONLY = 0x08
OBJECT_TYPE, INHERITED_TYPE = 0x01, 0x02
GENERIC_ALL, GENERIC_WRITE, WRITE_DAC, WRITE_OWNER, WRITE_PROPERTY = 0x10000000, 0x40000000, 0x00040000, 0x00080000, 0x00000020
MEMBER = UUID("bf9679c0-0de6-11d0-a285-00aa003049e2")  # the attribute member
MEMBERSHIP = UUID("bc0ac240-79a9-11d0-9020-00c04fc2d4cf")  # the property set that holds it


class UnreadableDescriptorError(ValueError):
    """The bytes are no self-relative security descriptor with a DACL."""


def sid(value: bytes) -> str:
    """Return a security identifier as people write it, such as S-1-5-32-544; raises `UnreadableDescriptorError`."""
    if len(value) < 8 or len(value) < 8 + 4 * value[1]:
        raise UnreadableDescriptorError("a security identifier ends too early")
    parts = struct.unpack_from(f"<{value[1]}I", value, 8)
    return "-".join(("S", str(value[0]), str(int.from_bytes(value[2:8], "big")), *map(str, parts)))


def may_change_members(descriptor: bytes) -> set[str]:
    """Return the security identifiers that a DACL lets change the members of its group, directly or by changing the DACL.

    Entries that deny are not looked at, so this is at most too many. Raises `UnreadableDescriptorError`.
    """
    try:
        return {who for who, mask, what in _allowed(descriptor) if _gives(mask, what)}
    except (struct.error, IndexError) as error:
        raise UnreadableDescriptorError("a security descriptor ends too early") from error


def _gives(mask: int, what: UUID | None) -> bool:
    if mask & (GENERIC_ALL | GENERIC_WRITE | WRITE_DAC | WRITE_OWNER) and what is None:
        return True
    return bool(mask & WRITE_PROPERTY) and what in (None, MEMBER, MEMBERSHIP)


def _allowed(descriptor: bytes) -> Iterator[tuple[str, int, UUID | None]]:
    """Yield who, the access mask and what it is limited to, for each entry of the DACL that allows something on the object itself."""
    (place,) = struct.unpack_from("<I", descriptor, 16)
    if place == 0:
        raise UnreadableDescriptorError("the descriptor has no DACL")
    (count,) = struct.unpack_from("<H", descriptor, place + 4)
    place += 8
    for _ in range(count):
        kind, flags, size, mask = struct.unpack_from("<BBHI", descriptor, place)
        if kind in (ALLOW, ALLOW_OBJECT) and not flags & INHERIT_ONLY:
            start, what = place + 8, None
            if kind == ALLOW_OBJECT:
                (present,) = struct.unpack_from("<I", descriptor, start)
                start += 4
                if present & OBJECT_TYPE:
                    what, start = UUID(bytes_le=descriptor[start : start + 16]), start + 16
                start += 16 if present & INHERITED_TYPE else 0
            yield sid(descriptor[start : place + size]), mask, what
        if size == 0:
            raise UnreadableDescriptorError("an entry of the DACL has no size")
        place += size
