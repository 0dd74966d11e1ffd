"""The few lines that a protocol speaks before TLS: SMTP, IMAP, POP3, LDAP, PostgreSQL."""

import socket
import time
from collections.abc import Callable, Mapping

LIMIT_BYTES = 65_536
LDAP_STARTTLS = b"1.3.6.1.4.1.1466.20037"


class NoTls(Exception):
    """The server speaks its protocol, and does not offer TLS."""


class Deadline:
    """An instant by which all must be done, however slowly a server drips."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self, *, at_most: float = 3600.0) -> float:
        """Return the seconds left, at most `at_most`; raises `TimeoutError` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this endpoint is used up")
        return min(left, at_most)


def receive(sock: socket.socket, deadline: Deadline, enough: Callable[[bytes], bool]) -> bytes:
    """Return what comes until `enough` of it is there, the server ends, or 64 KiB are full; raises `TimeoutError`."""
    got = b""
    while not enough(got) and len(got) < LIMIT_BYTES:
        sock.settimeout(deadline.remaining())
        more = sock.recv(4096)
        if not more:
            break
        got += more
    return got


def _line(start: bytes) -> Callable[[bytes], bool]:
    return lambda got: got.endswith(b"\n") and any(line.startswith(start) for line in got.split(b"\r\n"))


def _last_line(got: bytes) -> bool:
    """SMTP ends an answer of many lines by one whose fourth character is a blank (RFC 5321, 4.2.1)."""
    lines = got.split(b"\r\n")
    return len(lines) > 1 and lines[-1] == b"" and lines[-2][3:4] in {b" ", b""}


def _smtp(sock: socket.socket, deadline: Deadline) -> None:
    _expect(receive(sock, deadline, _last_line), b"220", "SMTP")
    sock.sendall(b"EHLO upheld.invalid\r\n")
    if b"STARTTLS" not in receive(sock, deadline, _last_line).upper():
        raise NoTls("SMTP without STARTTLS")
    sock.sendall(b"STARTTLS\r\n")
    if not receive(sock, deadline, _last_line).startswith(b"220"):
        raise NoTls("STARTTLS refused")


def _imap(sock: socket.socket, deadline: Deadline) -> None:
    _expect(receive(sock, deadline, _line(b"*")), b"* ", "IMAP")
    sock.sendall(b"a1 STARTTLS\r\n")
    if b"a1 OK" not in receive(sock, deadline, _line(b"a1 ")):
        raise NoTls("STARTTLS refused")


def _pop3(sock: socket.socket, deadline: Deadline) -> None:
    _expect(receive(sock, deadline, lambda got: got.endswith(b"\n")), b"+OK", "POP3")
    sock.sendall(b"STLS\r\n")
    if not receive(sock, deadline, lambda got: got.endswith(b"\n")).startswith(b"+OK"):
        raise NoTls("STLS refused")


def _ldap(sock: socket.socket, deadline: Deadline) -> None:
    """ExtendedRequest StartTLS; its answer is short, so that lengths take one byte (RFC 4511, 4.14)."""
    name = b"\x80" + bytes([len(LDAP_STARTTLS)]) + LDAP_STARTTLS
    request = b"\x02\x01\x01\x77" + bytes([len(name)]) + name
    sock.sendall(b"\x30" + bytes([len(request)]) + request)
    answer = receive(sock, deadline, lambda got: len(got) >= 2 and (got[1] > 127 or len(got) >= 2 + got[1]))
    _expect(answer, b"\x30", "LDAP")
    if b"\x0a\x01\x00" not in answer[:16]:
        raise NoTls("StartTLS refused")


def _postgresql(sock: socket.socket, deadline: Deadline) -> None:
    sock.sendall(bytes.fromhex("0000000804d2162f"))
    answer = receive(sock, deadline, bool)
    if answer[:1] != b"S":
        raise NoTls("PostgreSQL without SSL")


def _expect(answer: bytes, start: bytes, protocol: str) -> None:
    if not answer.startswith(start):
        raise ConnectionError(f"what answers does not speak {protocol}")


PREAMBLES: Mapping[str, Callable[[socket.socket, Deadline], None]] = {
    "smtp": _smtp,
    "submission": _smtp,
    "imap": _imap,
    "pop3": _pop3,
    "ldap": _ldap,
    "postgresql": _postgresql,
}
