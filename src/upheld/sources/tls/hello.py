"""The first message of a TLS handshake, written by hand, for versions and suites that no present OpenSSL offers (RFC 5246, 6101).

A server agrees to a version and a suite in its ServerHello, which comes in the clear; nothing more is needed to know that it would.
"""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass

VERSIONS = {"SSLv3": 0x0300, "TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303}
NAMES = {number: name for name, number in VERSIONS.items()}

# Suites that must be agreed to by nobody: number -> (name as OpenSSL has it, size of the key in bits).
FORBIDDEN = {
    0x0001: ("NULL-MD5", 0), 0x0002: ("NULL-SHA", 0), 0x003B: ("NULL-SHA256", 0), 0xC006: ("ECDHE-ECDSA-NULL-SHA", 0),
    0xC010: ("ECDHE-RSA-NULL-SHA", 0), 0x0018: ("ADH-RC4-MD5", 128), 0x0034: ("ADH-AES128-SHA", 128), 0xC018: ("AECDH-AES128-SHA", 128),
    0x0003: ("EXP-RC4-MD5", 40), 0x0006: ("EXP-RC2-CBC-MD5", 40), 0x0008: ("EXP-DES-CBC-SHA", 40), 0x0014: ("EXP-EDH-RSA-DES-CBC-SHA", 40),
    0x0009: ("DES-CBC-SHA", 56), 0x0015: ("EDH-RSA-DES-CBC-SHA", 56), 0x0004: ("RC4-MD5", 128), 0x0005: ("RC4-SHA", 128),
    0xC007: ("ECDHE-ECDSA-RC4-SHA", 128), 0xC011: ("ECDHE-RSA-RC4-SHA", 128), 0x0007: ("IDEA-CBC-SHA", 128),
    0x000A: ("DES-CBC3-SHA", 112), 0x0016: ("EDH-RSA-DES-CBC3-SHA", 112), 0xC008: ("ECDHE-ECDSA-DES-CBC3-SHA", 112),
    0xC012: ("ECDHE-RSA-DES-CBC3-SHA", 112),
}  # fmt: skip
# Suites that servers of any age have, to ask about a version alone.
COMMON = (
    0xC02F, 0xC02B, 0xC030, 0xC02C, 0xCCA8, 0xCCA9, 0x009E, 0x009F, 0xC027, 0xC023, 0xC013, 0xC009, 0xC014, 0xC00A,
    0x0033, 0x0039, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x000A, 0x0005, 0x0004,
)  # fmt: skip


@dataclass(frozen=True)
class ServerHello:
    """What a server agreed to."""

    version: str
    suite: int


def client_hello(version: str, suites: Sequence[int], server_name: str) -> bytes:
    """Return one record with a ClientHello of at most `version` that offers `suites`; SNI unless `server_name` is empty or an address."""
    number = VERSIONS[version]
    offered = b"".join(struct.pack("!H", suite) for suite in suites)
    body = struct.pack("!H", number) + os.urandom(32) + b"\0" + struct.pack("!H", len(offered)) + offered + b"\x01\0"
    if number > VERSIONS["SSLv3"]:
        extensions = _extensions(server_name, with_signatures=number == VERSIONS["TLSv1.2"])
        body += struct.pack("!H", len(extensions)) + extensions
    message = b"\x01" + struct.pack("!I", len(body))[1:] + body
    return b"\x16" + struct.pack("!HH", min(number, VERSIONS["TLSv1"]), len(message)) + message


def _extensions(server_name: str, *, with_signatures: bool) -> bytes:
    groups, points = (29, 23, 24, 25), b"\x01\0"
    parts = [
        (10, _sized(b"".join(struct.pack("!H", group) for group in groups))),
        (11, points),
        (0xFF01, b"\0"),
    ]
    if with_signatures:
        schemes = (0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201)
        parts.append((13, _sized(b"".join(struct.pack("!H", scheme) for scheme in schemes))))
    if server_name and not server_name.replace(".", "").isdigit() and ":" not in server_name:
        name = server_name.encode("idna")
        parts.insert(0, (0, _sized(b"\0" + _sized(name))))
    return b"".join(struct.pack("!H", kind) + _sized(content) for kind, content in parts)


def _sized(content: bytes) -> bytes:
    return struct.pack("!H", len(content)) + content


def server_hello(record: bytes) -> ServerHello | None:
    """Return what the ServerHello at the start of `record` agrees to; None for an alert, plain text or anything shorter."""
    if len(record) < 44 or record[0] != 0x16 or record[5] != 0x02:
        return None
    number = struct.unpack("!H", record[9:11])[0]
    session = record[43]
    at = 44 + session
    if number not in NAMES or len(record) < at + 2:
        return None
    return ServerHello(NAMES[number], struct.unpack("!H", record[at : at + 2])[0])
