"""Puts something on the inventory that no source has ever seen, in an office of the lab."""

from upheld.drills.inventory import AssetDrill


class NeverSeen(AssetDrill):
    """An inventory whose only device in use reports."""

    measure = "assets/registered_assets_seen"
    breaks = "A second laptop is registered as in use, and never reports"

    def sabotage(self) -> str:
        """Register it."""
        self.ghost = self.asset("L-2", "device", asset_class=self.laptops)
        return "L-2"

    def heal(self) -> None:
        """Retire it."""
        self.act("retire-asset", self.ghost)


DRILL = NeverSeen()
