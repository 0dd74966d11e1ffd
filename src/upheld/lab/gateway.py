"""A gateway for mails and uploads that scans with the real clamscan and one signature of its own; nothing is downloaded."""

import socket
import sys
from pathlib import Path

from upheld.lab import gateway_server
from upheld.lab.service import Service, find, free_port
from upheld.sources.malware_test.get import TEST_FILE


class MailGateway(Service):
    """Takes what has no malware in it, as its signatures know malware."""

    name = "gateway"

    def __init__(self) -> None:
        super().__init__()
        self.upload_port = free_port()

    @property
    def gateways(self) -> str:
        """As the source `malware_test` wants them named."""
        return f"mx=smtp://127.0.0.1:{self.port}/test@example.org shop=http://127.0.0.1:{self.upload_port}/upload"

    def command(self) -> list[str]:
        find("clamscan")
        self.know()
        signatures = str(self.folder / "lab.ndb")
        return [sys.executable, "-P", str(Path(gateway_server.__file__)), str(self.port), str(self.upload_port), signatures]

    def know(self, *, test_file: bool = True) -> None:
        """Write the signatures anew, with or without that of the test file: half of it, so that no scanner finds it there."""
        pattern = TEST_FILE[:40] if test_file else b"no file has this in it"
        (self.folder / "lab.ndb").write_text(f"Lab.Test:0:*:{pattern.hex()}\n", encoding="ascii")

    def answers(self) -> bool:
        """Whether both ports are served by our program."""
        try:
            with (
                socket.create_connection(("127.0.0.1", self.port), timeout=1) as mails,
                socket.create_connection(("127.0.0.1", self.upload_port), timeout=1),
            ):
                return mails.recv(200).startswith(b"220")
        except OSError:
            return False
