"""Plugs a device that nobody knows into a real network, behind a machine that looks at its neighbours."""

from contextlib import ExitStack
from typing import Any

from upheld.drills.connected import connected
from upheld.drills.drill import Scene, ours
from upheld.drills.kept import ADA, KeptDrill, ago
from upheld.lab.namespace import Namespace
from upheld.sources.host import HOST

KNOWN, STRANGE = "02:00:00:00:00:11", "02:00:00:00:00:66"


class Stranger(KeptDrill):
    """A router with one laptop, which was admitted, in the network of the office."""

    measure = "operations/network_devices_authorised"
    breaks = "Somebody plugs a device of their own into the office's network"
    lasting = True

    def open(self, stack: ExitStack) -> Scene:
        """Lay the network."""
        scene = super().open(stack)
        self._router, self._laptop, self._other = (stack.enter_context(Namespace()) for _ in range(3))
        self._plug(self._laptop, "desk", "10.99.1", KNOWN)
        source = connected(HOST, program=self._router.program, system="router", networks="desk=office wall=office")
        return Scene([*scene.sources, ("router", ("network_sightings",), source)], scene.registers)

    def keep(self) -> None:
        """Admit the laptop."""
        said: dict[str, Any] = {"title": "Ada's laptop", "networks": ["office"]}
        device = self.office.act("operations.ask-admission", at=ago(9), by=ADA, role="employee", hardware_address=KNOWN, **said)
        self.office.act("operations.admit-device", device, at=ago(8))

    def sabotage(self) -> str:
        """Plug it in."""
        self._plug(self._other, "wall", "10.99.2", STRANGE)
        return STRANGE

    def heal(self) -> None:
        """Pull it out."""
        ours(self._router)
        self._router.unlink("wall")

    def _plug(self, device: Namespace, interface: str, network: str, hardware_address: str) -> None:
        ours(self._router)
        self._router.link(device, interface, network, hardware_address)
        # Nothing is a neighbour before something was sent.
        self._router.run("python3", "-c", f"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('{network}.2', 9))")


DRILL = Stranger()
