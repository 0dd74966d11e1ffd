"""Source kind `tls`: network addresses that speak TLS or should, found out by real handshakes."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.source import Misconfigured, Setting, SourceError
from upheld.sources.tls.get import Answer, Endpoint, examine
from upheld.sources.tls.shape import endpoint_row, key_rows
from upheld.sources.tls.starttls import PREAMBLES

WRITTEN = re.compile(
    r"^(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\s:/=\[\]]+):(?P<port>\d{1,5})(?:/(?P<service>[a-z0-9-]+))?(?:=(?P<system>[^\s=]+))?$"
)
USUAL = {25: "smtp", 587: "submission", 143: "imap", 110: "pop3", 389: "ldap", 5432: "postgresql", 636: "ldaps", 465: "smtps", 993: "imaps"}
AT_ONCE = 8


@dataclass(frozen=True)
class Tls:
    """The endpoints of one workspace that are probed together."""

    endpoints: tuple[Endpoint, ...]
    ca_file: str
    seconds: float

    def test(self) -> str:
        """Return how many endpoints answer; raises `SourceError` when none does."""
        answers = [examine(endpoint, seconds=self.seconds, ca_file=self.ca_file) for endpoint in self.endpoints[:1]]
        if not answers[0].reachable:
            raise SourceError(f"{answers[0].endpoint.name} does not answer: {answers[0].gave_up}", permanent=False)
        said = ", ".join(answers[0].protocols) or "no TLS"
        return f"{answers[0].endpoint.name} answers with {said}; {len(self.endpoints)} endpoints to ask"

    def collect(self, into: Collecting) -> None:
        """Examine all endpoints, some at once, so that a few that drip do not hold up the others."""
        answers: list[Answer] = []
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="tls") as pool:
            asked = [pool.submit(examine, endpoint, seconds=self.seconds, ca_file=self.ca_file) for endpoint in self.endpoints]
            for done in as_completed(asked):
                answers.append(done.result())
                into.progress("shaking hands", len(answers), len(asked))
        answers.sort(key=lambda answer: answer.endpoint.name)
        if "endpoints" in into.seen:
            into.rows("endpoints", map(endpoint_row, answers))
        if "keys" in into.seen:
            into.rows("keys", key_rows(answers))
        for answer in answers:
            self._say(into, answer)

    def _say(self, into: Collecting, answer: Answer) -> None:
        why = f"{answer.endpoint.name}: {answer.gave_up}"
        if answer.gave_up and "keys" in into.seen and answer.certificate is None:
            into.cut_short("keys", why)
        if answer.gave_up and "endpoints" in into.seen:
            into.denied("endpoints", "protocols", why)


class TlsKind:
    """What `upheld source add ... tls` needs."""

    name: ClassVar[str] = "tls"
    title: ClassVar[str] = "TLS endpoints (real handshakes)"
    tables: ClassVar[Sequence[str]] = ("endpoints", "keys")
    settings: ClassVar[Sequence[Setting]] = (
        Setting(
            "endpoints",
            "host:port[/service][=system], blank between; service smtp, imap, pop3, ldap or postgresql asks for TLS by STARTTLS",
        ),
        Setting("ca_file", "PEM file of the roots that count as trusted; empty for this machine's", ""),
        Setting("seconds", "how long one endpoint may take in all", "60"),
    )
    least_rights: ClassVar[str] = "A connection to each port; no account."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Tls:
        """Return the source; raises `Misconfigured` naming the endpoint that cannot be read."""
        endpoints = tuple(parse(word) for word in re.split(r"[\s,]+", settings["endpoints"].strip()) if word)
        if not endpoints:
            raise Misconfigured("endpoints names none: give host:port")
        if settings["ca_file"] and not Path(settings["ca_file"]).is_file():
            raise Misconfigured(f"ca_file {settings['ca_file']} is not there")
        if not settings["seconds"].isdecimal() or not int(settings["seconds"]):
            raise Misconfigured(f"seconds {settings['seconds']!r} is not a number of seconds")
        return Tls(endpoints, settings["ca_file"], float(settings["seconds"]))


def parse(word: str) -> Endpoint:
    """Return the endpoint written as host:port[/service][=system]; the system is the host unless named.

    >>> parse("mail.example.org:25")
    Endpoint(host='mail.example.org', port=25, service='smtp', system='mail.example.org')
    """
    match = WRITTEN.match(word)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise Misconfigured(f"{word!r} is not host:port[/service][=system]")
    host, port = match["host"].strip("[]"), int(match["port"])
    service = match["service"] or USUAL.get(port, "https")
    if service.endswith("+starttls") or (match["service"] and service not in PREAMBLES and service not in {"https", *USUAL.values()}):
        raise Misconfigured(f"{word!r}: service {service!r} is not one of {', '.join(sorted({*PREAMBLES, 'https', *USUAL.values()}))}")
    return Endpoint(host, port, service, match["system"] or host)


TLS = TlsKind()
