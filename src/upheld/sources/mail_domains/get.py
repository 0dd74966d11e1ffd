"""Asks DNS about a domain, and its mail servers whether they go on to TLS."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import dns.exception
import dns.resolver

from upheld.sources.tls.get import Endpoint, examine

MOST_SERVERS = 10
MOST_HANDED_OVER = 10


@dataclass(frozen=True)
class Domain:
    """A domain, and the DKIM selectors it signs with; `sends`: whether mail is sent from it at all."""

    name: str
    selectors: tuple[str, ...]
    sends: bool


@dataclass
class Answer:
    """What DNS and the mail servers said. None: DNS did not answer; `tls` is None for a server that did not."""

    domain: Domain
    spf: list[str] | None = None
    dkim: dict[str, list[str] | None] = field(default_factory=dict)
    dmarc: list[str] | None = None
    mta_sts: list[str] | None = None
    servers: list[str] | None = None
    tls: dict[str, bool | None] = field(default_factory=dict)
    tlsa: dict[str, bool] = field(default_factory=dict)
    why: str = ""


def resolver(nameserver: str, seconds: float) -> dns.resolver.Resolver:
    """Return what asks `nameserver` (address or address:port), or this machine's own where it is ""."""
    made = dns.resolver.Resolver(configure=not nameserver)
    if nameserver:
        address, _, port = nameserver.partition(":")
        made.nameservers, made.port = [address], int(port or 53)
    made.lifetime = seconds
    return made


def ask(domain: Domain, asking: dns.resolver.Resolver, *, mail_port: int, seconds: float) -> Answer:
    """Return what is known of `domain`. Raises nothing: what DNS did not answer stays None, and `why` says so."""
    answer = Answer(domain)
    try:
        answer.spf = _spf(asking, domain.name)
        answer.dmarc = _texts(asking, f"_dmarc.{domain.name}", "v=DMARC1")
        answer.mta_sts = _texts(asking, f"_mta-sts.{domain.name}", "v=STSv1")
        for selector in domain.selectors:
            answer.dkim[selector] = _texts(asking, f"{selector}._domainkey.{domain.name}", "")
        answer.servers = _servers(asking, domain.name)
        for server in answer.servers:
            answer.tlsa[server] = bool(_records(asking, f"_25._tcp.{server}", "TLSA"))
    except dns.exception.DNSException as error:
        answer.why = f"DNS did not answer about {domain.name}: {error}"
    for server in (answer.servers or ())[:MOST_SERVERS]:
        answer.tls[server] = _goes_on_to_tls(asking, server, mail_port, seconds)
    return answer


def _goes_on_to_tls(asking: dns.resolver.Resolver, server: str, port: int, seconds: float) -> bool | None:
    try:
        address = next((str(record) for kind in ("A", "AAAA") for record in _records(asking, server, kind)), None)
    except dns.exception.DNSException:
        return None
    if address is None:
        return None
    found = examine(Endpoint(address, port, "smtp", server), seconds=seconds, ca_file="")
    return found.encrypts if found.reachable and not (found.encrypts and not found.protocols) else None


def _spf(asking: dns.resolver.Resolver, name: str) -> list[str]:
    """Return the SPF records that hold for `name`: those it hands over to by redirect= (RFC 7208, 6.1), at most ten times."""
    found: list[str] = []
    for _ in range(MOST_HANDED_OVER):
        found = _texts(asking, name, "v=spf1")
        words = found[0].lower().split() if len(found) == 1 else []
        handed = next((word.removeprefix("redirect=") for word in words if word.startswith("redirect=")), "")
        if not handed or any(word.lstrip("+-~?") == "all" for word in words):
            return found
        name = handed
    return found


def _servers(asking: dns.resolver.Resolver, name: str) -> list[str]:
    """Return the mail servers, those that are preferred first; a null MX (RFC 7505) takes no mail, and the host itself does without any."""
    told = sorted(_records(asking, name, "MX"), key=lambda record: (record.preference, str(record.exchange)))  # type: ignore[attr-defined]
    if not told:  # RFC 5321, 5.1
        return [name] if any(_records(asking, name, kind) for kind in ("A", "AAAA")) else []
    return [name for record in told if (name := str(record.exchange).rstrip(".").lower())]  # type: ignore[attr-defined]


def _texts(asking: dns.resolver.Resolver, name: str, begins: str) -> list[str]:
    found = (b"".join(record.strings).decode("utf-8", errors="replace") for record in _records(asking, name, "TXT"))  # type: ignore[attr-defined]
    return [text for text in found if text.lower().startswith(begins.lower())]


def _records(asking: dns.resolver.Resolver, name: str, kind: str) -> Sequence[object]:
    """Return the records of a kind; an answer that there are none is one. Raises `DNSException` where nobody answered."""
    try:
        return list(asking.resolve(name, kind))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
