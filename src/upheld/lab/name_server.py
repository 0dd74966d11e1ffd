"""A name server over UDP, whose zone can be written anew while it runs."""

import sys
from pathlib import Path

import dns.exception
import dns.resolver

from upheld.lab import name_server_program
from upheld.lab.chronyd import udp_port
from upheld.lab.service import Service


class NameServer(Service):
    """Answers on 127.0.0.1 from the lines of `zone`, each as in a zone file with the whole name."""

    name = "dns"

    def __init__(self, *zone: str) -> None:
        super().__init__()
        self.port, self.zone = udp_port(), zone

    @property
    def address(self) -> str:
        """As sources want it: address:port."""
        return f"127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        self.write(*self.zone)
        return [sys.executable, "-P", str(Path(name_server_program.__file__)), str(self.port), str(self.folder / "zone")]

    def write(self, *zone: str) -> None:
        """Write the zone anew, from the next answer on."""
        written = self.folder / "zone.new"
        written.write_text("".join(f"{line}\n" for line in (*zone, 'lab.invalid. 1 IN TXT "ours"')), encoding="utf-8")
        written.replace(self.folder / "zone")

    def answers(self) -> bool:
        asking = dns.resolver.Resolver(configure=False)
        asking.nameservers, asking.port, asking.lifetime = ["127.0.0.1"], self.port, 0.3
        try:
            return "ours" in str(asking.resolve("lab.invalid.", "TXT")[0])
        except dns.exception.DNSException:
            return False
