"""Packages of mobile apps for the lab: an APK with the binary manifest that Android reads, and an IPA."""

import plistlib
import struct
import zipfile
from pathlib import Path
from typing import Any

from upheld.sources.app_builds.axml import BOOLEAN, DECIMAL, END, NAMES, NONE, RESOURCES, START, STRING, STRINGS, TEXT, XML, Element, Value

REFERENCE = 0x01
NUMBERS = {name: number for number, name in NAMES.items()}


def binary(root: Element) -> bytes:
    """Return `root` as binary XML. Names that the platform knows come first, since their numbers stand at the same places."""
    words = _words(root)
    known = [word for word in words if word in NUMBERS]
    order = [*known, *(word for word in words if word not in NUMBERS)]
    numbers = struct.pack(f"<{len(known)}I", *(NUMBERS[word] for word in known))
    body = _strings(order) + _chunk(RESOURCES, b"", numbers) + _element(root, {word: place for place, word in enumerate(order)})
    return _chunk(XML, b"", body)


def _words(element: Element) -> list[str]:
    found = dict.fromkeys([element.name, *element.attributes, *(each for each in element.attributes.values() if isinstance(each, str))])
    found |= dict.fromkeys([element.text] if element.text else [])
    for each in element.inside:
        found |= dict.fromkeys(_words(each))
    return list(found)


def _chunk(kind: int, head: bytes, body: bytes) -> bytes:
    return struct.pack("<HHI", kind, 8 + len(head), 8 + len(head) + len(body)) + head + body


def _strings(words: list[str]) -> bytes:
    told = [struct.pack("<H", len(word)) + word.encode("utf-16-le") + b"\0\0" for word in words]
    offsets, place = [], 0
    for each in told:
        offsets.append(place)
        place += len(each)
    body = b"".join(told)
    body += bytes(-len(body) % 4)
    head = struct.pack("<5I", len(words), 0, 0, 28 + 4 * len(words), 0)
    return _chunk(STRINGS, head, struct.pack(f"<{len(words)}I", *offsets) + body)


def _element(element: Element, places: dict[str, int]) -> bytes:
    line = struct.pack("<II", 1, NONE)
    attributes = b"".join(_attribute(places[name], value, places) for name, value in element.attributes.items())
    begin = struct.pack("<IIHHHHHH", NONE, places[element.name], 20, 20, len(element.attributes), 0, 0, 0)
    text = _chunk(TEXT, line, struct.pack("<IHBBI", places[element.text], 8, 0, 0, 0)) if element.text else b""
    inside = b"".join(_element(each, places) for each in element.inside)
    return _chunk(START, line, begin + attributes) + text + inside + _chunk(END, line, struct.pack("<II", NONE, places[element.name]))


def _attribute(name: int, value: Value, places: dict[str, int]) -> bytes:
    if isinstance(value, str) and not value.startswith("@"):
        return struct.pack("<IIIHBBI", NONE, name, places[value], 8, 0, STRING, places[value])
    if isinstance(value, str):
        kind, said = REFERENCE, 0x7F000001
    else:
        kind, said = (BOOLEAN, NONE * value) if isinstance(value, bool) else (DECIMAL, value)
    return struct.pack("<IIIHBBI", NONE, name, NONE, 8, 0, kind, said)


def apk(path: Path, *urls: str, target: int = 34, configuration: Element | None = None, **application: Value) -> Path:
    """Write an APK of the app org.example.shop, version 1.4, whose code has `urls` in it; `application` are attributes of its manifest."""
    attributes = application | ({"networkSecurityConfig": "@xml/network"} if configuration else {})
    manifest = Element("manifest", {"package": "org.example.shop", "versionName": "1.4"})
    manifest.inside = [Element("uses-sdk", {"targetSdkVersion": target}), Element("application", attributes)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", binary(manifest))
        archive.writestr("classes.dex", b"dex\n035\0" + b"\0".join(url.encode() for url in urls))
        if configuration:
            archive.writestr("res/xml/a.xml", binary(configuration))
    return path


def ipa(path: Path, *urls: str, **security: Any) -> Path:
    """Write an IPA of the same app; `security` is its NSAppTransportSecurity."""
    told = {"CFBundleIdentifier": "org.example.shop", "CFBundleShortVersionString": "1.4", "NSAppTransportSecurity": security}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Payload/Shop.app/Info.plist", plistlib.dumps(told, fmt=plistlib.FMT_BINARY))
        archive.writestr("Payload/Shop.app/Shop", b"\xcf\xfa\xed\xfe" + b"\0".join(url.encode() for url in urls))
    return path
