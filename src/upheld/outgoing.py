"""Requests to addresses that people typed in: resolved, judged, and only then connected to. Standard library only.

A name is resolved once and the connection goes to the address that was judged, so that a name which answers differently
the second time leads nowhere. No redirect is followed, no proxy asked; time and size of the answer are bounded.
"""

import http.client
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

ALLOWED = "UPHELD_OUTGOING_PRIVATE"  # networks that may be reached although they are not public, separated by commas
MAX_ANSWER_BYTES = 1 << 20

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NotAllowed(ValueError):
    """A target that is refused before anything is sent; the message says why, and what would allow it."""


class Unreachable(OSError):
    """The target did not answer, or not as an answer may be: too late, too long, cut short, or with a certificate of another."""


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP status, headers with lower-case names, and the body in whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def networks() -> tuple[Network, ...]:
    """Return the networks of `UPHELD_OUTGOING_PRIVATE`. Raises `NotAllowed` if one is misspelt."""
    words = [word.strip() for word in os.environ.get(ALLOWED, "").split(",") if word.strip()]
    try:
        return tuple(ipaddress.ip_network(word) for word in words)
    except ValueError as error:
        raise NotAllowed(f"{ALLOWED} is a list of networks such as 10.1.0.0/16,127.0.0.0/8: {error}") from error


def check(url: str) -> None:
    """Raise `NotAllowed` unless `url` may be kept as a target: its form alone is looked at, nothing is resolved or contacted."""
    _parts(url)


def post(
    url: str,
    body: bytes,
    media_type: str,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = 10.0,
    limit: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Send `body` by POST to `url` and return the answer, whatever its status; at most `limit` bytes of it within `seconds` in all.

    `headers` go along with the usual ones.

    Raises `NotAllowed` for a target that is no http or https address, or lies in a network that is not public and not
    allowed; `Unreachable` for what goes wrong on the way.
    """
    return _asked("POST", url, body, {"Content-Type": media_type, **(headers or {})}, seconds, limit)


def get(url: str, *, seconds: float = 10.0, limit: int = MAX_ANSWER_BYTES) -> Answer:
    """Ask for `url` by GET and return the answer, whatever its status; bounded and refused as by `post`."""
    return _asked("GET", url, None, {}, seconds, limit)


def _asked(method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float, limit: int) -> Answer:
    parts = _parts(url)
    addresses = resolve(parts.host, parts.port)
    try:
        raw = _connect(parts, addresses, seconds)
    except (OSError, ValueError) as error:
        raise Unreachable(f"{parts.host}:{parts.port} could not be reached: {_said(error)}") from error
    connection = http.client.HTTPConnection(parts.host, parts.port)
    connection.sock = raw
    if parts.secure:
        connection.default_port = 443  # so that the Host header leaves it out, as servers expect
    late = threading.Event()
    try:
        with _ended_after(seconds, raw, late):
            connection.request(method, parts.path, body, {"User-Agent": "upheld", "Connection": "close", **headers})
            answer = connection.getresponse()
            returned = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, returned, _read(answer, limit))
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = f"it took longer than {seconds:g} seconds" if late.is_set() else _said(error)
        raise Unreachable(f"{parts.host}:{parts.port} did not answer as it should: {why}") from error
    finally:
        connection.close()
        raw.close()


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of `host`. Raises `NotAllowed` if one of them may not be reached, `Unreachable` if there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} has no address: {_said(error)}") from error
    addresses = [ipaddress.ip_address(str(address[0]).partition("%")[0]) for *_, address in found]
    allowed = networks()
    for address in addresses:
        if not _public(address) and not any(address in network for network in allowed):
            raise NotAllowed(f"{host} is at {address}, no public address: {ALLOWED} lists networks that are allowed all the same")
    return list(dict.fromkeys(addresses))


@dataclass(frozen=True)
class _Parts:
    secure: bool
    host: str
    port: int
    path: str


def _parts(url: str) -> _Parts:
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError as error:
        raise NotAllowed(f"{url[:80]!r} is no address: {error}") from error
    if found.scheme not in ("http", "https") or not found.hostname:
        raise NotAllowed(f"{url[:80]!r} is no address of the form https://host/path")
    if found.username is not None or found.password is not None or found.fragment:
        raise NotAllowed(f"the address at {found.hostname} holds a user name, a password or a fragment: leave them out")
    if not url.isascii() or any(character <= " " or character == "\x7f" for character in url):
        raise NotAllowed(f"{url[:80]!r} holds spaces or other characters that an address cannot have")
    secure = found.scheme == "https"
    query = f"?{found.query}" if found.query else ""
    return _Parts(secure, found.hostname, port or (443 if secure else 80), (found.path or "/") + query)


def _public(address: Address) -> bool:
    """Whether `address` is one of the open internet; IPv4 within IPv6 is judged as the IPv4 address that it leads to."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return address.is_global and not address.is_multicast


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address behind a NAT64 one (RFC 6052), or None."""
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _connect(parts: _Parts, addresses: Sequence[Address], seconds: float) -> socket.socket:
    """Return a connection to the first of `addresses` that takes one; a certificate must be that of the name that was typed in."""
    failed: OSError = OSError("it has no address")
    for address in addresses:
        try:
            raw = socket.create_connection((str(address), parts.port), timeout=seconds / len(addresses))
        except OSError as error:
            failed = error
            continue
        raw.settimeout(seconds)
        return ssl.create_default_context().wrap_socket(raw, server_hostname=parts.host) if parts.secure else raw
    raise failed


@contextmanager
def _ended_after(seconds: float, raw: socket.socket, late: threading.Event) -> Iterator[None]:
    """Cut `raw` off after `seconds` in all: a target that answers one byte a second does not hold us for ever."""

    def cut() -> None:
        late.set()
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(answer: http.client.HTTPResponse, limit: int) -> bytes:
    found = answer.read(limit + 1)
    if len(found) > limit:
        raise OSError(f"more than {limit:,} bytes came back")
    if answer.length:
        raise OSError("the answer was cut short")
    return found


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
