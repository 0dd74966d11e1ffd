"""Weakens the DMARC record of a domain, in the zone of a real name server."""

from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene, ours
from upheld.lab.name_server import NameServer
from upheld.lab.tls_listener import TlsListener
from upheld.sources.mail_domains import MAIL_DOMAINS

ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def zone(dmarc: str = "reject") -> list[str]:
    """Return the lines of a domain that is protected, but for what DMARC asks for."""
    return [
        'example.org. 60 IN TXT "v=spf1 mx -all"',
        "example.org. 60 IN MX 10 mx.example.org.",
        "mx.example.org. 60 IN A 127.0.0.1",
        f'_dmarc.example.org. 60 IN TXT "v=DMARC1; p={dmarc}"',
        f's1._domainkey.example.org. 60 IN TXT "{ED25519}"',
    ]


class Weakened(Drill):
    """A domain with a mail server that offers TLS."""

    measure = "transfer/mail_protected"
    breaks = "A domain's DMARC record asks for nothing any more"

    def open(self, stack: ExitStack) -> Scene:
        """Start both servers."""
        self._names, server = stack.enter_context(NameServer(*zone())), stack.enter_context(TlsListener(service="smtp"))
        source = connected(MAIL_DOMAINS, domains="example.org:s1", nameserver=self._names.address, mail_port=str(server.port))
        return Scene([("mail", ("mail_domains",), source)])

    def sabotage(self) -> str:
        """Write it."""
        ours(self._names)
        self._names.write(*zone("none"))
        return "example.org"

    def heal(self) -> None:
        """Write it as it was."""
        ours(self._names)
        self._names.write(*zone())


DRILL = Weakened()
