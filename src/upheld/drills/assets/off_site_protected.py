"""Takes a laptop off site that is not encrypted, in a real list of devices."""

from upheld.drills.inventory import ListChanged


class PlainLaptopOutside(ListChanged):
    """A laptop that Ada takes home."""

    measure = "assets/off_site_protected"
    breaks = "The laptop outside is not encrypted any more"
    table, named = "devices", "L-1"

    def wrong(self) -> list[str]:
        """Let it be decrypted."""
        return [self.lines("devices")[0].replace(",yes,yes,yes,", ",no,yes,yes,")]


DRILL = PlainLaptopOutside()
