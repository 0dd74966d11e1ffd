"""chronyd as a time server, or as a client of one, on ports of its own; it never touches this machine's clock (-x)."""

import os
import shutil
import socket
import subprocess

from upheld.lab.service import Service, find, free_port
from upheld.sources.sntp.get import Clock, measure


class Chronyd(Service):
    """A server at `local_stratum`; with `follows`, a client of the server on that port, which answers chronyc alone."""

    name = "chronyd"

    def __init__(self, *, local_stratum: int = 8, follows: int | None = None) -> None:
        super().__init__()
        self.local_stratum, self.follows = local_stratum, follows
        self.command_port = free_port()

    def command(self) -> list[str]:
        user = "nobody" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
        if self.follows is None:
            lines = [f"local stratum {self.local_stratum}", "allow 127.0.0.1", f"port {self.port}", "bindaddress 127.0.0.1"]
        else:
            lines = [f"server 127.0.0.1 port {self.follows} iburst minpoll 0 maxpoll 1", "port 0"]
        lines += [f"cmdport {self.command_port}", "bindcmdaddress 127.0.0.1", "bindcmdaddress /", f"pidfile {self.folder}/pid"]
        path = self.folder / "chrony.conf"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder, user)
        return [find("chronyd"), "-x", "-d", "-U", "-u", user, "-f", str(path)]

    def tracking(self) -> str:
        """Return what `chronyc -c tracking` prints; empty if it does not answer."""
        asked = [find("chronyc"), "-n", "-c", "-h", "127.0.0.1", "-p", str(self.command_port), "tracking"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False).stdout.strip()

    def answers(self) -> bool:
        if self.follows is None:
            return measure(Clock("127.0.0.1", self.port, "lab"), samples=1, seconds=0.3).best is not None
        return self.tracking().endswith("Normal")


def udp_port() -> int:
    """Return a UDP port on 127.0.0.1 that is free now."""
    return free_port(socket.SOCK_DGRAM)
