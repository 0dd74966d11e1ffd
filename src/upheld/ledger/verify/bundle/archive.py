"""A bundle as a zip file, read byte by byte: nothing in it may be there twice, hidden, overlapping, linked, encrypted or left over.

Only what `upheld bundle` writes is read. Who packed a bundle anew unpacks it and verifies the folder.
"""

import stat
import struct
import zlib
from collections.abc import Container
from dataclasses import dataclass
from typing import BinaryIO

from upheld.ledger.verify.layout import Unreadable

MAX_TOTAL_BYTES = 2 << 30
_ANEW = "unpack it into a folder, and verify that: upheld-verify FOLDER"
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s4B4H3L5H2L"), struct.Struct("<4s4H2LH")
_NEEDS, _DEFLATED, _UTF8 = 20, 8, 0x800
_TIME, _DATE = 0, 33  # 1 January 1980, as far back as a zip file can say
_PLAIN_FILE = 0o100600 << 16
_UNIX = 3


@dataclass(frozen=True)
class _Member:
    at: int
    crc: int
    packed: int
    size: int


class Archive:
    """A zip file whose every byte is accounted for before anything in it is unpacked."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the directory of the open `file`. Raises `Unreadable` saying what is odd."""
        self._file = file
        self._members = _directory(file)

    def names(self) -> list[str]:
        """Return every member's path."""
        return sorted(self._members)

    def read(self, name: str, limit: int) -> bytes:
        """Return a member's bytes, checked against its size and CRC. Raises `Unreadable`."""
        member = self._members.get(name)
        if member is None:
            raise Unreadable(f"{name} is missing")
        if member.size > limit:
            raise Unreadable(f"{name} says it is {member.size:,} bytes long; at most {limit:,} are possible")
        self._file.seek(member.at)
        packed, inflate = self._file.read(member.packed), zlib.decompressobj(-15)
        try:
            found = inflate.decompress(packed, member.size + 1)
        except zlib.error as error:
            raise Unreadable(f"{name} is damaged: {error}") from error
        if len(found) != member.size or not inflate.eof or inflate.unused_data or zlib.crc32(found) != member.crc:
            raise Unreadable(f"{name} is damaged: it does not unpack to the {member.size:,} bytes that its checksum is of")
        return found


def _directory(file: BinaryIO) -> dict[str, _Member]:
    length = file.seek(0, 2)
    if length < _END.size:
        raise Unreadable("it is too short for a zip file")
    file.seek(length - _END.size)
    mark, disk, first_disk, here, count, size, start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or comment or disk or first_disk or here != count or start + size != length - _END.size:
        raise Unreadable(f"the zip file does not end as a bundle does: it was cut off or added to; if it was packed anew, {_ANEW}")
    file.seek(start)
    listed, at, end, total = file.read(size), 0, 0, 0
    members: dict[str, _Member] = {}
    for _ in range(count):
        name, member, at = _entry(listed, at, end, members)
        total += member.size
        if total > MAX_TOTAL_BYTES:
            raise Unreadable(f"it says that it unpacks to more than {MAX_TOTAL_BYTES >> 30} GiB, which no bundle does")
        _match_local(file, name, member, end)
        members[name] = member
        end = member.at + member.packed
    if at != size or end != start:
        raise Unreadable("there are bytes in the zip file that belong to no member")
    return members


def _entry(listed: bytes, at: int, due: int, before: Container[str]) -> tuple[str, _Member, int]:
    """Return the name and place of the member listed `at`, which must lie at `due`, and where the next is listed."""
    if at + _CENTRAL.size > len(listed):
        raise Unreadable("the zip file's directory is cut off")
    found = _CENTRAL.unpack_from(listed, at)
    mark, _, _, _, _, flags, _, _, _, crc, packed, size, length, _, _, _, _, about, place = found
    end = at + _CENTRAL.size + length
    raw = listed[at + _CENTRAL.size : end]
    shown = ascii(raw.decode("utf-8", "replace"))[:80]
    if flags & 1:
        raise Unreadable(f"{shown} is encrypted")
    due_flags = 0 if raw.isascii() else _UTF8
    expected = (
        b"PK\x01\x02", _NEEDS, _UNIX, _NEEDS, 0, due_flags, _DEFLATED, _TIME, _DATE, crc, packed, size, length, 0, 0, 0, 0,
        _PLAIN_FILE, due,
    )  # fmt: skip
    if mark != expected[0] or len(raw) != length:
        raise Unreadable("the zip file's directory is cut off, or has something else in it")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"the name {shown} is not UTF-8") from error
    if why := _odd(name, about >> 16, place - due, before):
        raise Unreadable(f"{shown} {why}")
    if found != expected:
        raise Unreadable(f"{shown} was packed by another program than a bundle's, which may hide things: {_ANEW}")
    return name, _Member(due + _LOCAL.size + length, crc, packed, size), end


def _odd(name: str, mode: int, gap: int, before: Container[str]) -> str:
    """Return what is odd about a member, "" if nothing is; `gap` is how many bytes lie between it and the one before."""
    if name in before:
        return "is in the zip file twice"
    if stat.S_ISLNK(mode):
        return "is a link: a bundle has plain files only"
    if name.endswith("/") or stat.S_ISDIR(mode):
        return f"is a folder, of which a bundle has no entries: if it was packed anew, {_ANEW}"
    if gap < 0:
        return "overlaps the member before it"
    if gap:
        return f"comes after {gap:,} bytes that belong to no member: if it was packed anew, {_ANEW}"
    return ""


def _match_local(file: BinaryIO, name: str, member: _Member, at: int) -> None:
    raw = name.encode()
    flags = 0 if raw.isascii() else _UTF8
    head = _LOCAL.pack(b"PK\x03\x04", _NEEDS, flags, _DEFLATED, _TIME, _DATE, member.crc, member.packed, member.size, len(raw), 0)
    file.seek(at)
    if file.read(len(head) + len(raw)) != head + raw:
        raise Unreadable(
            f"{ascii(name)[:80]} is called or measured otherwise before its bytes than in the directory; if it was packed anew, {_ANEW}"
        )
