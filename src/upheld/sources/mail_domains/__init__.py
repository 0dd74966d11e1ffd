"""Source kind `mail_domains`: how mail of a domain is protected, as DNS and its mail servers tell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.mail_domains.get import Answer, Domain, ask, resolver
from upheld.sources.mail_domains.shape import domain_row
from upheld.sources.source import Misconfigured, Setting, SourceError

WRITTEN = re.compile(r"^(?P<name>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::(?P<selectors>-|[A-Za-z0-9_.-]+(?:,[A-Za-z0-9_.-]+)*))?$")


@dataclass(frozen=True)
class MailDomains:
    """The domains of one workspace that are asked about together."""

    domains: tuple[Domain, ...]
    nameserver: str
    mail_port: int
    seconds: float

    def test(self) -> str:
        """Return what DNS says of the first domain; raises `SourceError` where it does not answer."""
        answer = self._ask(self.domains[0])
        if answer.why:
            raise SourceError(answer.why, permanent=False)
        row = domain_row(answer)
        return f"{row['id']}: SPF {row['spf']}, DMARC {row['dmarc']}; {len(self.domains)} domains to ask about"

    def collect(self, into: Collecting) -> None:
        """Ask about every domain. What DNS did not answer is denied."""
        answers = [self._ask(domain) for domain in self.domains]
        if all(answer.why for answer in answers):
            raise SourceError(answers[0].why, permanent=False)
        into.rows("mail_domains", map(domain_row, answers))
        for answer in answers:
            if answer.why:
                into.denied("mail_domains", "spf", answer.why)

    def _ask(self, domain: Domain) -> Answer:
        return ask(domain, resolver(self.nameserver, self.seconds), mail_port=self.mail_port, seconds=self.seconds)


class MailDomainsKind:
    """What `upheld source add ... mail_domains` needs."""

    name: ClassVar[str] = "mail_domains"
    title: ClassVar[str] = "Mail domains (DNS, and a handshake with each mail server)"
    tables: ClassVar[Sequence[str]] = ("mail_domains",)
    settings: ClassVar[Sequence[Setting]] = (
        Setting("domains", "domain:selector,selector with the DKIM selectors it signs with; domain:- where no mail is sent; blank between"),
        Setting("nameserver", "address[:port] of the name server to ask; empty for this machine's", ""),
        Setting("mail_port", "port of the mail servers", "25"),
        Setting("seconds", "how long to wait for each answer", "10"),
    )
    least_rights: ClassVar[str] = "DNS, and TCP to port 25 of each mail server; no account."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> MailDomains:
        """Return the source; raises `Misconfigured` naming the word that cannot be read."""
        domains = tuple(parse(word) for word in settings["domains"].split())
        if not domains:
            raise Misconfigured("domains names none: give domain:selector")
        for name in ("mail_port", "seconds"):
            if not settings[name].isdecimal() or not int(settings[name]):
                raise Misconfigured(f"{name} {settings[name]!r} is not a number")
        if not re.fullmatch(r"|[0-9.]+(?::\d+)?", settings["nameserver"]):
            raise Misconfigured(f"nameserver {settings['nameserver']!r} is not an address or address:port")
        return MailDomains(domains, settings["nameserver"], int(settings["mail_port"]), float(settings["seconds"]))


def parse(word: str) -> Domain:
    """Return the domain written as domain[:selectors]; raises `Misconfigured`.

    >>> parse("example.org:s1,s2")
    Domain(name='example.org', selectors=('s1', 's2'), sends=True)
    """
    told = WRITTEN.match(word)
    if told is None:
        raise Misconfigured(f"{word!r} is not domain:selector,selector (or domain:- where no mail is sent)")
    sends, selectors = told["selectors"] != "-", told["selectors"] or ""
    return Domain(told["name"], tuple(selectors.split(",")) if sends and selectors else (), sends)


MAIL_DOMAINS = MailDomainsKind()
