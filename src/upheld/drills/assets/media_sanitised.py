"""Disposes of a disk without wiping it, in the database of an office of the lab."""

from upheld.drills.inventory import AssetDrill


class NotWiped(AssetDrill):
    """A disk that was wiped before it left."""

    measure = "assets/media_sanitised"
    breaks = "A disk is written into the database as disposed of before anybody looked whether it was wiped"
    lasting = True

    def sabotage(self) -> str:
        """Let nobody have looked."""
        self.office.sql("UPDATE registers_sanitisation SET verified = NULL")
        return "D-1"

    def heal(self) -> None:
        """Let somebody have looked."""
        self.office.sql("UPDATE registers_sanitisation SET verified = %s", True)


DRILL = NotWiped()
