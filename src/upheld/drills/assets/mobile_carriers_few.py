"""Lets somebody use a device outside who is not on the register, in a real log of device management."""

from upheld.drills.inventory import ListChanged
from upheld.drills.kept import BOB


class SomebodyElse(ListChanged):
    """Ada is on the register, and used her laptop outside."""

    measure = "assets/mobile_carriers_few"
    breaks = "Bob uses a device outside, and is not on the register of carriers"
    table, named = "device_sightings", "Bob"

    def wrong(self) -> list[str]:
        """Let him."""
        return [*self.lines("device_sightings"), f"2,L-1,{BOB},yes,{self.noon:%Y-%m-%d %H:%M}"]


DRILL = SomebodyElse()
