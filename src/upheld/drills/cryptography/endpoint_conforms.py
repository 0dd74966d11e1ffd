"""A listener turns into one with a certificate of its own making, a short key and TLS 1.0."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene, ours
from upheld.lab.certificates import Pair, make
from upheld.lab.tls_listener import TlsListener
from upheld.sources.tls import TLS


class EndpointConforms(Drill):
    """The same port, before and after."""

    measure = "cryptography/endpoint_conforms"
    breaks = "the listener is started again with TLS 1.0, every suite, and a self-signed certificate with an RSA key of 1024 bits"

    def open(self, stack: ExitStack) -> Scene:
        """Start a listener that conforms, under a root of our own."""
        root = make("Upheld lab root", authority=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="upheld-lab-ca-")))
        ca_file = root.write_certificate(folder / "ca.pem")
        self._good = make("localhost", by=root)
        self._listener = stack.enter_context(TlsListener(self._good))
        source = connected(TLS, endpoints=self._listener.endpoint + "=shop", ca_file=str(ca_file))
        return Scene([("tls", ("endpoints",), source)])

    def sabotage(self) -> str:
        """Start it again, worse."""
        self._restart(make("localhost", bits=1024), oldest="TLSv1", newest="TLSv1", suites="ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        return f"127.0.0.1:{self._listener.port}"

    def heal(self) -> None:
        """Start it again as it was."""
        self._restart(self._good, oldest="TLSv1.2", newest="TLSv1.3", suites="")

    def _restart(self, pair: Pair, *, oldest: str, newest: str, suites: str) -> None:
        listener = self._listener
        ours(listener)
        listener.stop()
        listener.pair, listener.oldest, listener.newest, listener.suites = pair, oldest, newest, suites
        listener.start()


DRILL = EndpointConforms()
