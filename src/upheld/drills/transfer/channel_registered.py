"""Lets a system connect to an address that nobody entered, on a real network of the lab."""

import subprocess
from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Scene, ours
from upheld.drills.sending import SendingDrill
from upheld.lab.namespace import Namespace
from upheld.sources.host import HOST

WAITS = "import socket; s = socket.create_server(('{0}', 443)); print(flush=True); held = [s.accept(), s.accept()]"
GOES = "import socket; s = socket.create_connection(('{0}', 443)); print(flush=True); s.recv(1)"
PARTNER, STRANGER = "10.99.4.2", "10.99.5.2"


class Elsewhere(SendingDrill):
    """A machine with a connection to a partner, which is entered."""

    measure = "transfer/channel_registered"
    breaks = "A system opens a connection to an address that no channel leads to"
    lasting = True

    def open(self, stack: ExitStack) -> Scene:
        """Lay the network, and let the machine speak with the partner."""
        scene = super().open(stack)
        self._stack, self._machine = stack, stack.enter_context(Namespace())
        for address, interface in ((PARTNER, "partner"), (STRANGER, "stranger")):
            other = stack.enter_context(Namespace())
            self._machine.link(other, interface, address.rpartition(".")[0])
            self._started(other, WAITS.format(address))
        self._started(self._machine, GOES.format(PARTNER))
        source = connected(HOST, program=self._machine.program, system="crm", flows="yes")
        return Scene([scene.sources[0], ("machine", ("flows",), source)], scene.registers)

    def keep(self) -> None:
        """Enter the partner too."""
        super().keep()
        self.approved("partner", content="internal", addresses=["10.99.4.*:443"])

    def sabotage(self) -> str:
        """Connect."""
        ours(self._machine)
        self._other = self._started(self._machine, GOES.format(STRANGER))
        return STRANGER

    def heal(self) -> None:
        """End it."""
        self._other.kill()
        self._other.wait()

    def _started(self, place: Namespace, said: str) -> "subprocess.Popen[bytes]":
        program = place.start_program("python3", "-c", said)
        self._stack.callback(program.wait)
        self._stack.callback(program.kill)
        assert program.stdout is not None
        self._stack.callback(program.stdout.close)
        program.stdout.readline()
        return program


DRILL = Elsewhere()
