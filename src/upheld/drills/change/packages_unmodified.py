"""A program of an installed package is edited."""

from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene
from upheld.lab.host_root import PACKAGE, HostRoot
from upheld.sources.host import HOST


class PackagesUnmodified(Drill):
    """A package that dpkg installed into a tree of the lab's own."""

    measure = "change/packages_unmodified"
    breaks = "a line is added to a program that an installed package brought"

    def open(self, stack: ExitStack) -> Scene:
        """Install the package."""
        host = stack.enter_context(HostRoot())
        self._program = host.install_package()
        self._shipped = self._program.read_bytes()
        source = connected(HOST, root=str(host.root), system="lab", scan="/usr")
        return Scene([("host", ("packages", "package_deviations"), source)])

    def sabotage(self) -> str:
        """Edit the program."""
        self._program.write_bytes(self._shipped + b"echo and one more thing\n")
        return PACKAGE

    def heal(self) -> None:
        """Put back what was shipped."""
        self._program.write_bytes(self._shipped)


DRILL = PackagesUnmodified()
