"""Adds a tablet that is not encrypted to a real list of devices."""

from upheld.drills.inventory import ListChanged
from upheld.drills.kept import BOB


class OpenTablet(ListChanged):
    """A laptop with a passcode that is encrypted."""

    measure = "assets/mobile_protected"
    breaks = "A tablet in use is not encrypted"
    table, named = "devices", "a-tablet"

    def wrong(self) -> list[str]:
        """Add it."""
        return [*self.lines("devices"), f"T-1,a-tablet,tablet,yes,{BOB},no,yes,yes,{self.noon:%Y-%m-%d %H:%M}"]


DRILL = OpenTablet()
