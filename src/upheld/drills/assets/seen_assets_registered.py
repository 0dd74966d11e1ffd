"""Brings up a device that nobody registered, in a real list of devices."""

from contextlib import ExitStack

from upheld.drills.drill import Scene
from upheld.drills.inventory import ListChanged
from upheld.drills.kept import ADA


class HostAppears(ListChanged):
    """A list of devices that are all on the inventory."""

    measure = "assets/seen_assets_registered"
    breaks = "A device appears that nobody put on the inventory, and stays for longer than the window"
    table, named = "devices", "L-9"

    def open(self, stack: ExitStack) -> Scene:
        """Open it with a window that is over at once."""
        scene = super().open(stack)
        return Scene(scene.sources, scene.registers, {"unregistered_window": "0 seconds"})

    def wrong(self) -> list[str]:
        """Let a second laptop appear."""
        return [*self.lines("devices"), f"L-9,a-laptop,laptop,yes,{ADA},yes,yes,no,{self.noon:%Y-%m-%d %H:%M}"]


DRILL = HostAppears()
