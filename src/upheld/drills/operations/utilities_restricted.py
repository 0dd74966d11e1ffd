"""Somebody leaves a setuid copy of a shell behind."""

from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene
from upheld.evidence.table import Row
from upheld.lab.host_root import HostRoot
from upheld.sources.host import HOST

ALLOWED, STRAY = "/usr/bin/lab-su", "/usr/bin/lab-shell"


class UtilitiesRestricted(Drill):
    """A host's tree that the lab made; nothing is ever setuid outside of it."""

    measure = "operations/utilities_restricted"
    breaks = "a copy of the shell is made setuid root"

    def open(self, stack: ExitStack) -> Scene:
        """One setuid program, which is allowed."""
        self._host = stack.enter_context(HostRoot())
        self._host.copy_shell(ALLOWED)
        register: list[Row] = [{"system_id": "*", "path": ALLOWED, "holder": "*", "approved_by": "1", "why": "part of the lab"}]
        source = connected(HOST, root=str(self._host.root), system="lab", scan="/usr")
        return Scene([("host", ("privileged_files", "sudo_rules", "packages"), source)], {"allowed_utilities": register})

    def sabotage(self) -> str:
        """Copy the shell."""
        self._host.copy_shell(STRAY)
        return STRAY

    def heal(self) -> None:
        """Remove it."""
        self._host.path(STRAY).unlink()


DRILL = UtilitiesRestricted()
