"""Zip files that a bundle never is: each refused, in words, before anything of them is believed or unpacked."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from upheld.exports.bundle.writing import write
from upheld.ledger.verify.bundle import bundle
from upheld.ledger.verify.bundle.archive import Archive
from upheld.ledger.verify.layout import Unreadable

MEMBERS = {"manifest.json": b"{}" * 200, "rows/people/hr.jsonl": b"a line\n" * 50, "README.md": "Grüße\n".encode()}


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    write(MEMBERS, tmp_path / "good.zip")
    return (tmp_path / "good.zip").read_bytes()


def read(data: bytes) -> dict[str, bytes]:
    archive = Archive(io.BytesIO(data))
    return {name: archive.read(name, 1 << 20) for name in archive.names()}


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)) if isinstance(name, str) else name
            if isinstance(name, str):
                info.external_attr = 0o100600 << 16
            archive.writestr(info, data, method)
    return made.getvalue()


def linked() -> bytes:
    info = zipfile.ZipInfo("link", (1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o120777 << 16
    return packed((info, b"/etc/passwd"))


def folder() -> bytes:
    info = zipfile.ZipInfo("folder/", (1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o40755 << 16
    return packed((info, b""))


def edited(offset_in_directory: int, value: bytes) -> Callable[[bytes], bytes]:
    """Change bytes of the first entry of the directory."""

    def change(data: bytes) -> bytes:
        at = data.index(b"PK\x01\x02") + offset_in_directory
        return data[:at] + value + data[at + len(value) :]

    return change


def bomb(_data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("bomb", (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o100600 << 16
        archive.writestr(info, bytes(8 << 20), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def lying_about_size(_data: bytes) -> bytes:
    """A member that unpacks to more than it says, its checksum that of what it says."""
    raw, said = bytes(1 << 20), b"short"
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = squeeze.compress(raw) + squeeze.flush()
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(said), len(body), len(said), 1, 0) + b"a"
    listed = struct.pack(
        "<4s4B4H3L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 8, 0, 33, zlib.crc32(said), len(body), len(said), 1, 0, 0, 0, 0, 0o100600 << 16, 0
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listed) + 1, len(head) + len(body), 0)
    return head + body + listed + b"a" + end


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "truncated": (lambda data: data[:-1], "does not end as a bundle does"),
    "trailing bytes": (lambda data: data + b"x", "does not end as a bundle does"),
    "something before it": (lambda data: b"#!/bin/sh\n" + data, "does not end as a bundle does"),
    "a comment": (lambda data: data[:-2] + b"\x01\x00x", "does not end as a bundle does"),
    "a link": (lambda data: linked(), "is a link"),
    "a folder": (lambda data: folder(), "is a folder.*unpack it"),
    "a member twice": (lambda data: packed(("a", b"1"), ("a", b"2")), "is in the zip file twice"),
    "stored, not packed": (lambda data: packed(("a", b"1"), method=zipfile.ZIP_STORED), "packed by another program.*unpack it"),
    "encrypted": (edited(8, b"\x01\x00"), "is encrypted"),
    "data after the member": (edited(8, b"\x08\x00"), "packed by another program"),
    "another time": (edited(12, b"\x01\x00"), "packed by another program"),
    "overlapping": (lambda data: overlapping(data), "overlaps the member before it"),
    "a gap": (lambda data: with_gap(data), "does not end as a bundle does"),
    "another name before the bytes": (lambda data: data.replace(b"README.md", b"README.mx", 1), "called or measured otherwise"),
    "a wrong checksum": (lambda data: wrong_checksum(data), "does not unpack to"),
    "a bomb": (bomb, "says it is 8,388,608 bytes long"),
    "a size that is a lie": (lying_about_size, "does not unpack to"),
    "a size beyond all": (edited(24, b"\xff\xff\xff\x7f"), "more than 2 GiB|measured otherwise"),
    "a name that is not UTF-8": (lambda data: data.replace(b"README.md", b"\xff\xfeADME.md"), "is not UTF-8"),
    "empty": (lambda data: b"", "too short"),
}  # fmt: skip


def overlapping(data: bytes) -> bytes:
    """Let the second member lie where the first does."""
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    return data[: second + 42] + data[first + 42 : first + 46] + data[second + 46 :]


def with_gap(data: bytes) -> bytes:
    second = data.index(b"PK\x03\x04", 4)
    return data[:second] + b"hidden" + data[second:]


def wrong_checksum(data: bytes) -> bytes:
    directory = data.index(b"PK\x01\x02")
    return data[:14] + b"\x00\x00\x00\x00" + data[18 : directory + 16] + b"\x00\x00\x00\x00" + data[directory + 20 :]


def test_what_was_written_is_read(good):
    assert read(good) == MEMBERS


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_what_no_bundle_is_gets_refused_in_words(good, case):
    change, reason = HOSTILE[case]
    with pytest.raises(Unreadable, match=reason):
        read(change(good))


def test_at_every_byte_a_flipped_bit_is_refused_or_changes_nothing_and_a_cut_is_refused(good):
    for at in range(len(good)):
        for bit in (1, 128):
            flipped = good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :]
            try:
                assert read(flipped) == MEMBERS, at  # spare bits after a packed stream's end say nothing
            except Unreadable:
                continue
        with pytest.raises(Unreadable):
            read(good[:at])


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../b", "C:\\x", "a\x1b[2Jb", "a" * 300])
def test_a_hostile_name_is_no_part_of_a_bundle(tmp_path, name):
    from upheld.ledger.verify.bundle import members

    assert not members._PATH.fullmatch(name) or len(name) > 200


def test_a_link_in_a_folder_is_refused(tmp_path):
    write(MEMBERS, tmp_path / "b")
    (tmp_path / "b" / "link").symlink_to("/etc/passwd")
    with bundle.opened(tmp_path / "b") as layout, pytest.raises(Unreadable, match="link"):
        layout.names()


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    write(MEMBERS, tmp_path / "b")
    os.mkfifo(tmp_path / "b" / "pipe")
    with bundle.opened(tmp_path / "b") as layout, pytest.raises(Unreadable, match="device"):
        layout.names()
