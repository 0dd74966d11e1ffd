"""Android's binary XML, as AndroidManifest.xml is in a package: elements with attributes and text. Pure.

Chunks follow one another, each with a kind, the size of its head and its own size (frameworks/base/libs/androidfw, ResourceTypes.h).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

XML, STRINGS, RESOURCES, START, END, TEXT = 0x0003, 0x0001, 0x0180, 0x0102, 0x0103, 0x0104
UTF8, NONE = 1 << 8, 0xFFFFFFFF
STRING, BOOLEAN, DECIMAL, HEXADECIMAL = 0x03, 0x12, 0x10, 0x11
LONG = 0x80
# The names that the platform's attributes have there are numbers (android.R.attr).
NAMES = {
    0x01010003: "name",
    0x0101020C: "minSdkVersion",
    0x01010270: "targetSdkVersion",
    0x0101021B: "versionCode",
    0x0101021C: "versionName",
    0x010104EC: "usesCleartextTraffic",
    0x01010527: "networkSecurityConfig",
}
Value = str | bool | int


class NotBinaryXml(Exception):
    """What was given is no binary XML, or is cut off."""


@dataclass
class Element:
    """An element, with those inside it."""

    name: str
    attributes: dict[str, Value]
    inside: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator["Element"]:
        """Yield every element called `name`, itself and all inside it."""
        if self.name == name:
            yield self
        for each in self.inside:
            yield from each.all(name)


def parse(data: bytes) -> Element:
    """Return the root element; raises `NotBinaryXml`."""
    try:
        return _parse(data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise NotBinaryXml(str(error)) from error


def _parse(data: bytes) -> Element:
    if struct.unpack_from("<H", data)[0] != XML:
        raise NotBinaryXml("it does not begin as binary XML does")
    words: Sequence[str] = ()
    numbers: Sequence[int] = ()
    outermost = Element("", {})
    open_ones = [outermost]
    for kind, start, body, end in _chunks(data):
        if kind == STRINGS:
            words = _strings(data[start:end])
        elif kind == RESOURCES:
            numbers = struct.unpack_from(f"<{(end - body) // 4}I", data, body)
        elif kind == START:
            found = _element(data, body, words, numbers)
            open_ones[-1].inside.append(found)
            open_ones.append(found)
        elif kind == END:
            open_ones.pop()
        elif kind == TEXT:
            open_ones[-1].text += words[struct.unpack_from("<I", data, body)[0]]
    return outermost.inside[0]


def _chunks(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield kind, start, start of the body, and end of each chunk within the outermost."""
    place = struct.unpack_from("<HH", data)[1]
    while place + 8 <= len(data):
        kind, head, size = struct.unpack_from("<HHI", data, place)
        if size < head or head < 8 or place + size > len(data):
            raise NotBinaryXml("a chunk is cut off")
        yield kind, place, place + head, place + size
        place += size


def _element(data: bytes, body: int, words: Sequence[str], numbers: Sequence[int]) -> Element:
    name, first, size, count = struct.unpack_from("<4xIHHH", data, body)
    attributes: dict[str, Value] = {}
    for number in range(count):
        called, raw, kind, value = struct.unpack_from("<4xII3xBI", data, body + first + number * size)
        known = NAMES.get(numbers[called]) if called < len(numbers) else None
        attributes[known or words[called]] = _value(kind, value, raw, words)
    return Element(words[name], attributes)


def _value(kind: int, value: int, raw: int, words: Sequence[str]) -> Value:
    if kind == STRING:
        return words[value]
    if kind == BOOLEAN:
        return value != 0
    if kind in (DECIMAL, HEXADECIMAL):
        return value
    return words[raw] if raw != NONE else f"@{value:08x}"


def _strings(chunk: bytes) -> list[str]:
    count, _, flags, first = struct.unpack_from("<IIII", chunk, 8)
    offsets = struct.unpack_from(f"<{count}I", chunk, struct.unpack_from("<H", chunk, 2)[0])
    return [_utf8(chunk, first + offset) if flags & UTF8 else _utf16(chunk, first + offset) for offset in offsets]


def _utf8(chunk: bytes, place: int) -> str:
    place += 2 if chunk[place] & LONG else 1  # how many characters
    size = chunk[place]
    place += 1
    if size & LONG:
        size, place = (size & 0x7F) << 8 | chunk[place], place + 1
    return chunk[place : place + size].decode("utf-8")


def _utf16(chunk: bytes, place: int) -> str:
    (size,) = struct.unpack_from("<H", chunk, place)
    place += 2
    if size & 0x8000:
        size, place = (size & 0x7FFF) << 16 | struct.unpack_from("<H", chunk, place)[0], place + 2
    return chunk[place : place + 2 * size].decode("utf-16-le")
