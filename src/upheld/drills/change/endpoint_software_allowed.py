"""Adds a denied program to an endpoint's inventory, in a real list of installed software."""

from upheld.drills.changed import LISTS, ChangeDrill


class DeniedProgram(ChangeDrill):
    """Ada's laptop with a browser that is allowed."""

    measure = "change/endpoint_software_allowed"
    breaks = "A program that is denied stands in the inventory of a laptop"

    def sabotage(self) -> str:
        """Add it."""
        self.listed["endpoint_software"].write(*LISTS["endpoint_software"][1:], "L-1/torrent,L-1,msi,torrent")
        return "ada-laptop"

    def heal(self) -> None:
        """Remove it."""
        self.listed["endpoint_software"].write(*LISTS["endpoint_software"][1:])


DRILL = DeniedProgram()
