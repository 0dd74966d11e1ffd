"""Asks an endpoint: real handshakes with each version, narrower and narrower suites, and the certificate it shows."""

import ipaddress
import socket
import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from upheld.sources.tls.certificate import self_made
from upheld.sources.tls.hello import COMMON, FORBIDDEN, VERSIONS, client_hello, server_hello
from upheld.sources.tls.starttls import PREAMBLES, Deadline, NoTls, receive

TLS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
ALL_SUITES = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: trust is one question, dates are another
LEGACY_SERVER_CONNECT = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on
ATTEMPT_SECONDS = 10.0
MOST_SUITES = 200


@dataclass(frozen=True)
class Endpoint:
    """Where to ask: `service` says what is spoken before TLS, `system` whose it is."""

    host: str
    port: int
    service: str
    system: str

    @property
    def name(self) -> str:
        """host:port, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_address(self) -> bool:
        """Whether `host` is an address, for which no name is sent (RFC 6066, 3)."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return True


@dataclass
class Answer:
    """What an endpoint agreed to. None is unknown; `gave_up` says why an answer is not whole."""

    endpoint: Endpoint
    reachable: bool = False
    encrypts: bool | None = None
    protocols: list[str] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)
    suites: dict[str, int] = field(default_factory=dict)  # name as OpenSSL has it -> bits
    all_versions: bool = False
    all_suites: bool = False
    certificate: bytes | None = None
    trusted: bool | None = None
    gave_up: str = ""


def examine(endpoint: Endpoint, *, seconds: float, ca_file: str) -> Answer:
    """Return what `endpoint` agrees to, within `seconds` however slowly it answers. Raises nothing: what failed is said in the answer."""
    answer, deadline = Answer(endpoint), Deadline(seconds)
    try:
        _speaks(answer, deadline)
        if answer.encrypts:
            _versions(answer, deadline)
            _suites(answer, deadline)
            _trust(answer, deadline, ca_file)
    except OSError as error:  # also a time-out, a name that does not resolve, a TLS error
        answer.gave_up = str(error) or type(error).__name__
    if answer.reachable and not answer.protocols and not answer.gave_up:
        answer.encrypts = False
    return answer


def _open(endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    """Connect, and speak what comes before TLS; raises `NoTls` or `OSError`."""
    sock = socket.create_connection((endpoint.host, endpoint.port), timeout=deadline.remaining(at_most=ATTEMPT_SECONDS))
    try:
        preamble = PREAMBLES.get(endpoint.service)
        if preamble is not None:
            preamble(sock, deadline)
        sock.settimeout(deadline.remaining(at_most=ATTEMPT_SECONDS))
    except (NoTls, OSError):
        sock.close()
        raise
    return sock


def _speaks(answer: Answer, deadline: Deadline) -> None:
    """Whether anything answers, and whether it goes on to TLS. Only a refusal of its own says no; silence says nothing."""
    socket.create_connection((answer.endpoint.host, answer.endpoint.port), timeout=deadline.remaining(at_most=ATTEMPT_SECONDS)).close()
    answer.reachable = True
    try:
        _open(answer.endpoint, deadline).close()
        answer.encrypts = True
    except NoTls:
        answer.encrypts = False


def context(version: str, suites: str = ALL_SUITES) -> ssl.SSLContext:
    """Return a client's context that speaks only `version` and accepts anything: what the other side agrees to is the question."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.set_ciphers(suites)
    made.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1 | ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3)
    made.options |= LEGACY_SERVER_CONNECT | ssl.OP_IGNORE_UNEXPECTED_EOF
    with warnings.catch_warnings():  # TLS 1.0 is deprecated, which is why it is asked for
        warnings.simplefilter("ignore", DeprecationWarning)
        made.minimum_version = made.maximum_version = TLS[version]
    return made


def _shake(answer: Answer, deadline: Deadline, with_context: ssl.SSLContext) -> ssl.SSLSocket | None:
    """Return the connection after a handshake; None if the server refused it. Raises `OSError` when it cannot be reached or is silent."""
    sock = _open(answer.endpoint, deadline)
    name = None if answer.endpoint.is_address else answer.endpoint.host
    try:
        return with_context.wrap_socket(sock, server_hostname=name)
    except (ssl.SSLError, ConnectionResetError, BrokenPipeError) as error:
        sock.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            raise
        return None
    except OSError:
        sock.close()
        raise


def _versions(answer: Answer, deadline: Deadline) -> None:
    spoken = speakable()
    for version in ("SSLv3", *TLS):
        connection = _shake(answer, deadline, context(version)) if version in spoken else None
        if connection is not None:
            with connection:
                _note(answer, connection)
            answer.protocols.append(version)
        elif version in VERSIONS:
            hello = _hello(answer, deadline, version, COMMON)
            if hello is not None and hello[0] == version:
                answer.protocols.append(version)
        elif version not in spoken:
            answer.untested.append(version)
    answer.all_versions = True


def _note(answer: Answer, connection: ssl.SSLSocket) -> str:
    suite = connection.cipher()
    name = suite[0] if suite else ""
    if suite:
        answer.suites[name] = suite[2]
    answer.certificate = connection.getpeercert(binary_form=True) or answer.certificate
    return name


def _hello(answer: Answer, deadline: Deadline, version: str, suites: tuple[int, ...]) -> tuple[str, int] | None:
    """Return (version, suite) that a hand-written ClientHello is answered with; None if it is refused."""
    with _open(answer.endpoint, deadline) as sock:
        try:
            sock.sendall(client_hello(version, suites, "" if answer.endpoint.is_address else answer.endpoint.host))
            got = receive(sock, deadline, lambda got: got[:1] not in {b"", b"\x16"} or server_hello(got) is not None)
        except (ConnectionResetError, BrokenPipeError):
            return None
    found = server_hello(got)
    return (found.version, found.suite) if found else None


def _suites(answer: Answer, deadline: Deadline) -> None:
    """Offer everything, take what was agreed to off the offer, and offer again, until nothing is agreed to (up to TLS 1.2).

    Suites of TLS 1.3 all have forward secrecy and at least 128 bits; the one agreed to stands for them.
    """
    older = [version for version in answer.protocols if version in TLS and version != "TLSv1.3"]
    offer = ALL_SUITES
    for _ in range(MOST_SUITES if older else 0):
        try:
            narrowed = context(older[-1], offer)
        except ssl.SSLError:
            break  # nothing is left to offer
        connection = _shake(answer, deadline, narrowed)
        if connection is None:
            break
        with connection:
            name = _note(answer, connection)
        offer = offer.replace(":@SECLEVEL", f":!{name}:@SECLEVEL")
    for version in [version for version in answer.protocols if version in VERSIONS][-1:]:
        _forbidden(answer, deadline, version)
    answer.all_suites = True


def _forbidden(answer: Answer, deadline: Deadline, version: str) -> None:
    left = dict(FORBIDDEN)
    while left:
        hello = _hello(answer, deadline, version, tuple(left))
        if hello is None or hello[1] not in left:
            return
        name, bits = left.pop(hello[1])
        answer.suites[name] = bits


def _trust(answer: Answer, deadline: Deadline, ca_file: str) -> None:
    """Whether the chain ends at a root of `ca_file`, else of this machine; dates and names are other questions."""
    version = next((version for version in reversed(answer.protocols) if version in TLS), None)
    if version is None or answer.certificate is None:
        return
    checking = context(version)
    if ca_file:
        checking.load_verify_locations(cafile=ca_file)
    else:
        checking.load_default_certs()
    checking.verify_flags = ssl.VerifyFlags(int(checking.verify_flags) | NO_CHECK_TIME)
    checking.verify_mode = ssl.CERT_REQUIRED
    try:
        connection = _shake(answer, deadline, checking)
    except ssl.SSLCertVerificationError:
        answer.trusted = False
        return
    if connection is not None:
        connection.close()
        answer.trusted = True


@cache
def speakable() -> frozenset[str]:
    """Return the versions that this OpenSSL really completes a handshake in, found by one with itself in memory."""
    return frozenset(version for version in TLS if _speaks_with_itself(version))


def _speaks_with_itself(version: str) -> bool:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        with self_made() as path:
            serving.load_cert_chain(path)
        serving.set_ciphers(ALL_SUITES)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            serving.minimum_version = serving.maximum_version = TLS[version]
        client = context(version).wrap_bio(to_client, to_server)
    except (ssl.SSLError, ValueError):
        return False
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    return _finish(client.do_handshake, server.do_handshake)


def _finish(*sides: Callable[[], None]) -> bool:
    """Let both sides of a handshake in memory take turns; whether both come to its end."""
    done: set[int] = set()
    for _ in range(10):
        for number, side in enumerate(sides):
            try:
                side()
                done.add(number)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return len(done) == len(sides)
