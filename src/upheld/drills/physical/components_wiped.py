"""Retires a component and leaves it as it is, in the database of an office of the lab."""

from upheld.drills.inventory import AssetDrill
from upheld.drills.kept import BOB, ago


class InADrawer(AssetDrill):
    """A retired disk that was wiped."""

    measure = "physical/components_wiped"
    breaks = "A second disk was retired a month ago, and nobody wiped it"

    def sabotage(self) -> str:
        """Retire it."""
        self.drawer = self.asset("D-2", "component")
        self.act("retire-asset", self.drawer, at=ago(30))
        return "D-2"

    def heal(self) -> None:
        """Destroy it, and look."""
        wiping = self.act("sanitise-asset", self.drawer, by=BOB, role="employee", method="destroy")
        self.act("verify-sanitisation", wiping, verified="yes", looked_at="the remains")


DRILL = InADrawer()
