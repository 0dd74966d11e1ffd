"""A machine on a network of the lab: a network namespace with links to others, and to nothing outside. Needs root."""

import os
import subprocess
from pathlib import Path

from upheld.lab.service import NotInstalled, Service, find


class Namespace(Service):
    """A namespace of its own, whose processes see its own interfaces, neighbours and connections alone."""

    name = "namespace"

    def command(self) -> list[str]:
        """Return what holds the namespace open."""
        if os.geteuid() != 0:
            raise NotInstalled("a network of the lab needs root: run the tests as root, or leave it out")
        return [find("unshare"), "--net", "sh", "-c", f"{find('ip')} link set lo up && exec sleep infinity"]

    def answers(self) -> bool:
        """Whether the namespace is another than ours, and its own interface is up."""
        apart = Path(f"/proc/{self.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        return apart and "LOWER_UP" in self.run(find("ip"), "link", "show", "lo")

    @property
    def program(self) -> str:
        """What reads a script there, as sources want it."""
        return f"{find('nsenter')} --target {self.pid} --net sh -s"

    def run(self, *argv: str) -> str:
        """Run a program there, and return what it printed."""
        entered = [find("nsenter"), "--target", str(self.pid), "--net", *argv]
        return subprocess.run(entered, check=True, capture_output=True, text=True, timeout=30).stdout

    def start_program(self, *argv: str) -> "subprocess.Popen[bytes]":
        """Start a program there that goes on; whoever starts it ends it."""
        entered = [find("nsenter"), "--target", str(self.pid), "--net", *argv]
        return subprocess.Popen(entered, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def link(self, other: "Namespace", interface: str, network: str, hardware_address: str = "") -> None:
        """Lay a cable between both: `interface` on each side, with the addresses .1 here and .2 there of `network` ("10.99.0")."""
        ip = find("ip")
        self.run(ip, "link", "add", interface, "type", "veth", "peer", "name", interface, "netns", str(other.pid))
        if hardware_address:
            other.run(ip, "link", "set", interface, "address", hardware_address)
        for place, last in ((self, 1), (other, 2)):
            place.run(ip, "addr", "add", f"{network}.{last}/24", "dev", interface)
            place.run(ip, "link", "set", interface, "up")

    def unlink(self, interface: str) -> None:
        """Take the cable away."""
        self.run(find("ip"), "link", "del", interface)
