"""Upgrades the operating system of a real tree of files, and tests nothing on it."""

from contextlib import ExitStack

from upheld.drills.changed import ADA, ChangeDrill
from upheld.drills.drill import Scene


class Upgraded(ChangeDrill):
    """A shop on a host whose version did not change lately; tests are due at once."""

    measure = "change/platform_change_tested"
    breaks = "The host under a critical application becomes another version, and nobody tests the application"

    def open(self, stack: ExitStack) -> Scene:
        """Let tests be due at once."""
        scene = super().open(stack)
        return Scene(scene.sources, scene.registers, {"platform_tested_within": "0 days"})

    def sabotage(self) -> str:
        """Upgrade it."""
        self.host.write("etc/os-release", 'PRETTY_NAME="Upheld lab 2"\nID=lab\n')
        return "SHOP on lab"

    def heal(self) -> None:
        """Test the shop on it."""
        said = {"application": "shop", "platform": "lab", "platform_version": "Upheld lab 2", "passed": "yes", "said": "an order"}
        self.act("record-platform-test", by=ADA, role="employee", **said)


DRILL = Upgraded()
