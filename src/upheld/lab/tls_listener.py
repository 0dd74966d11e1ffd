"""A TLS listener, as good or as bad as asked: versions, suites, certificate, and what is spoken before TLS."""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from upheld.lab import tls_server
from upheld.lab.certificates import Pair, make
from upheld.lab.service import Service
from upheld.sources.tls.get import Endpoint, examine


class TlsListener(Service):
    """Serves on 127.0.0.1 with `pair`; `versions` from and to, as TLSv1 or TLSv1.3; `suites` as OpenSSL writes them."""

    name = "tls"

    def __init__(
        self,
        pair: Pair | None = None,
        *,
        chain: tuple[Pair, ...] = (),
        oldest: str = "TLSv1.2",
        newest: str = "TLSv1.3",
        suites: str = "",
        service: str = "https",
    ) -> None:
        super().__init__()
        self.pair, self.chain = pair or make("localhost"), chain
        self.oldest, self.newest, self.suites, self.service = oldest, newest, suites, service

    @property
    def endpoint(self) -> str:
        """As the source `tls` wants it named."""
        return f"127.0.0.1:{self.port}/{self.service}"

    def command(self) -> list[str]:
        pem = self.pair.write(self.folder / "listener.pem", *self.chain)
        words = [sys.executable, str(Path(tls_server.__file__)), str(self.port), str(pem), self.oldest, self.newest, self.service]
        return [*words, self.suites or "DEFAULT"]

    def answers(self) -> bool:
        found = examine(Endpoint("127.0.0.1", self.port, self.service, "lab"), seconds=5, ca_file="")
        return found.certificate == self.pair.certificate.public_bytes(Encoding.DER)
