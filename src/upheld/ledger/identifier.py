"""Entry identifiers: UUIDv7 (RFC 9562, 5.7), so that they sort by time and need no coordination."""

import os
import re
from datetime import datetime

_KIND = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


def new(at: datetime) -> str:
    """Return a fresh identifier for the instant `at` (aware): 60 bits of time, 62 of chance.

    The 12 bits after the millisecond are its fraction (RFC 9562, 6.2, method 3).
    """
    milliseconds, microseconds = divmod(round(at.timestamp() * 1e6), 1000)  # exact: a double has 53 bits, and this takes 51
    chance = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    number = milliseconds << 80 | 7 << 76 | (microseconds * 4096 // 1000) << 64 | 2 << 62 | chance
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def many(at: datetime, count: int) -> list[str]:
    """Return `count` fresh identifiers for the instant `at` (aware), in order: their times go up by a quarter of a microsecond.

    That keeps each time for itself, so that finding an entry by it finds one (RFC 9562, 6.2, lets the clock run ahead so).
    """
    milliseconds, microseconds = divmod(round(at.timestamp() * 1e6), 1000)
    first = milliseconds * 4096 + microseconds * 4096 // 1000
    chance = os.urandom(8 * count).hex()
    found: list[str] = []
    while len(found) < count:  # a millisecond at a time, whose twelve digits its ids begin with
        millisecond, fraction = divmod(first + len(found), 4096)
        begin = f"{millisecond >> 16:08x}-{millisecond & 65535:04x}-7"
        for part in range(fraction, min(4096, fraction + count - len(found))):
            half = 16 * len(found)
            # The first two bits of the second half say which kind of UUID it is (RFC 9562, 4.1).
            found.append(f"{begin}{part:03x}-{_KIND[chance[half]]}{chance[half + 1 : half + 4]}-{chance[half + 4 : half + 16]}")
    return found


def is_valid(text: object) -> bool:
    """Whether `text` is a UUIDv7 in lower case."""
    return isinstance(text, str) and _UUID7.fullmatch(text) is not None


def time_id(identifier: str) -> int:
    """Return the first 64 bits of `identifier`, its time, as an integer below 2^63 (until the year 6429)."""
    return int(identifier[:8] + identifier[9:13] + identifier[14:18], 16)
