"""The 48 bytes of NTP: a question, and what an answer says (RFC 4330, RFC 5905)."""

import ipaddress
import struct
from dataclasses import dataclass
from datetime import timedelta

SIZE = 48
CLIENT, SERVER = 3, 4
UNSYNCHRONISED = 3
TO_UNIX = 2_208_988_800  # seconds from 1900 to 1970
ERA = 2**32


class NotAnAnswer(ValueError):
    """What came is no answer to our question: too short, of another mode, or made up by somebody who did not see the question."""


@dataclass(frozen=True)
class Sample:
    """One exchange. Spans are in seconds; `offset` is how far the other clock is ahead of ours, give or take `uncertainty`."""

    offset: float
    delay: float
    stratum: int
    reference: str
    leap: int
    dispersion: float

    @property
    def uncertainty(self) -> timedelta:
        """Half of the way there and back: how wrong `offset` can be when one way takes all of it."""
        return timedelta(seconds=self.delay / 2)

    @property
    def synchronised(self) -> bool:
        """Whether the other side says that it follows something."""
        return self.leap != UNSYNCHRONISED and 0 < self.stratum < 16

    @property
    def kiss(self) -> str:
        """The code of a kiss-o'-death (RATE, DENY, RSTR ...); empty for a usual answer."""
        return self.reference if self.stratum == 0 else ""


def question(nonce: bytes) -> bytes:
    """Return a client's packet. Its transmit time is `nonce` (8 random bytes), which only who saw the question can repeat."""
    return bytes([4 << 3 | CLIENT]) + bytes(39) + nonce


def answer(packet: bytes, nonce: bytes, sent_at: float, received_at: float) -> Sample:
    """Return what `packet` tells; `sent_at` and `received_at` are seconds since 1970 by our clock. Raises `NotAnAnswer`."""
    if len(packet) < SIZE or packet[0] & 7 != SERVER:
        raise NotAnAnswer("no NTP answer")
    if packet[24:32] != nonce:
        raise NotAnAnswer("it does not repeat the question: somebody made it up, or it is late")
    stratum = packet[1]
    arrived, left = _instant(packet[32:40], near=sent_at), _instant(packet[40:48], near=sent_at)
    dispersion = struct.unpack("!I", packet[8:12])[0] / 65536
    return Sample(
        ((arrived - sent_at) + (left - received_at)) / 2,
        max(0.0, (received_at - sent_at) - (left - arrived)),
        stratum,
        _reference(stratum, packet[12:16]),
        packet[0] >> 6,
        dispersion,
    )


def _instant(stamp: bytes, *, near: float) -> float:
    """Seconds since 1970 in the era that lies nearest to `near`: NTP's seconds begin again in 2036."""
    seconds, fraction = struct.unpack("!II", stamp)
    within = seconds + fraction / ERA - TO_UNIX
    return float(within + round((near - within) / ERA) * ERA)


def _reference(stratum: int, word: bytes) -> str:
    """Four letters at stratum 0 and 1 (GPS, DCFa, RATE), an address above."""
    if stratum > 1:
        return str(ipaddress.IPv4Address(word))
    letters = word.rstrip(b"\0 ").decode("ascii", errors="replace")
    return letters if letters.isprintable() else word.hex()
