"""Writes small files of Windows' own events (EVTX): one chunk, no templates ([MS-EVEN6] 2.2.12, binary XML)."""

import struct
import zlib
from collections.abc import Mapping, Sequence

HEADER = 512
_1601 = 11_644_473_600


class _Chunk:
    """A chunk as it fills; names stand where they are used first."""

    def __init__(self) -> None:
        self.data = bytearray(HEADER)

    def name(self, text: str) -> None:
        place = len(self.data) + 4
        said = text.encode("utf-16-le")
        digest = 0
        for each in text:
            digest = (digest * 65599 + ord(each)) & 0xFFFFFFFF
        self.data += struct.pack("<IIHH", place, 0, digest & 0xFFFF, len(text)) + said + b"\0\0"

    def value(self, text: str) -> None:
        self.data += struct.pack("<BBH", 0x05, 0x01, len(text)) + text.encode("utf-16-le")

    def element(self, name: str, inside: object, attributes: Mapping[str, str] = {}) -> None:
        self.data += struct.pack("<BI", 0x41 if attributes else 0x01, 0)
        size = len(self.data) - 4
        self.name(name)
        if attributes:
            at = len(self.data)
            self.data += b"\0\0\0\0"
            for number, (key, said) in enumerate(attributes.items(), 1):
                self.data.append(0x06 if number == len(attributes) else 0x46)
                self.name(key)
                self.value(said)
            struct.pack_into("<I", self.data, at, len(self.data) - at - 4)
        if inside is None:
            self.data.append(0x03)
        else:
            self.data.append(0x02)
            if isinstance(inside, str):
                self.value(inside)
            else:
                for each in inside:
                    self.element(*each)
            self.data.append(0x04)
        struct.pack_into("<I", self.data, size, len(self.data) - size - 4)

    def record(self, number: int, at: float, root: tuple[object, ...]) -> int:
        begin = len(self.data)
        self.data += b"\x2a\x2a\0\0" + struct.pack("<IQQ", 0, number, int((at + _1601) * 10_000_000))
        self.data += b"\x0f\x01\x01\x00"
        self.element(*root)
        self.data.append(0)
        size = len(self.data) - begin + 4
        self.data += struct.pack("<I", size)
        struct.pack_into("<I", self.data, begin + 4, size)
        return begin


def event(channel: str, number: int, at: str, said: Mapping[str, str]) -> tuple[object, ...]:
    """Return an event of `channel`, with what it said, as `written` takes it."""
    system = [
        ("Provider", None, {"Name": "Microsoft-Windows-Sysmon"}),
        ("EventID", str(number)),
        ("TimeCreated", None, {"SystemTime": at}),
        ("Channel", channel),
        ("Computer", "pc1"),
    ]
    return ("Event", [("System", system), ("EventData", [("Data", value, {"Name": name}) for name, value in said.items()])])


def written(events: Sequence[tuple[object, ...]], at: float = 1_777_888_800.0) -> bytes:
    """Return the bytes of a file with `events`, which must fit into one chunk."""
    chunk, last, many = _Chunk(), HEADER, len(events)
    for number, each in enumerate(events, 1):
        last = chunk.record(number, at, each)
    free, data = len(chunk.data), chunk.data
    assert free <= 65_536, "one chunk is all that this writes"
    data += bytes(65_536 - free)
    data[:128] = b"ElfChnk\0" + struct.pack("<QQQQIII", 1, many, 1, many, 128, last, free) + bytes(76)
    struct.pack_into("<I", data, 52, zlib.crc32(data[HEADER:free]))
    struct.pack_into("<I", data, 124, zlib.crc32(bytes(data[:120]) + bytes(data[128:HEADER])))
    head = b"ElfFile\0" + struct.pack("<QQQIHHHH", 0, 0, many + 1, 128, 1, 3, 4096, 1) + bytes(76)
    head += struct.pack("<II", 0, zlib.crc32(head[:120]))
    return head + bytes(4096 - len(head)) + bytes(data)
