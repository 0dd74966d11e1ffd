"""Hands a laptop out to somebody who acknowledged nothing, in the database of an office of the lab."""

from upheld.drills.inventory import AssetDrill
from upheld.drills.kept import ADA, BOB


class NothingAcknowledged(AssetDrill):
    """Ada read the rules before she was handed a laptop."""

    measure = "assets/acceptable_use_acknowledged"
    breaks = "The laptop is written into the database as handed out to Bob, who acknowledged nothing"

    def sabotage(self) -> str:
        """Write Bob."""
        self.office.sql("UPDATE registers_custody SET holder = %s", BOB)
        return "L-1, Bob"

    def heal(self) -> None:
        """Write Ada."""
        self.office.sql("UPDATE registers_custody SET holder = %s", ADA)


DRILL = NothingAcknowledged()
