"""A time server whose clock can be put wrong while it runs."""

import socket
import sys
from datetime import timedelta
from pathlib import Path

from upheld.lab import time_server
from upheld.lab.chronyd import udp_port
from upheld.lab.service import Service
from upheld.sources.sntp.packet import question


class WrongClock(Service):
    """An NTP server over UDP on 127.0.0.1; `manner` is fair, spoof, or a kiss code such as RATE."""

    name = "clock"

    def __init__(self, offset: timedelta = timedelta(0), *, manner: str = "fair") -> None:
        super().__init__()
        self.port, self.offset, self.manner = udp_port(), offset, manner

    def command(self) -> list[str]:
        self.put(self.offset)
        return [sys.executable, str(Path(time_server.__file__)), str(self.port), str(self.folder / "offset"), self.manner]

    def put(self, offset: timedelta) -> None:
        """Set the clock ahead by `offset`, from the next answer on."""
        written = self.folder / "offset.new"
        written.write_text(str(offset.total_seconds()), encoding="utf-8")
        written.replace(self.folder / "offset")

    def answers(self) -> bool:
        with socket.socket(type=socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.3)
            sock.connect(("127.0.0.1", self.port))
            try:
                sock.send(question(bytes(8)))
                return bool(sock.recv(512))
            except OSError:
                return False
