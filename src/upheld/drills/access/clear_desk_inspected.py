"""Skips the rounds of an office for a quarter, in the database of an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import ago


class RoundSkipped(FacilityDrill):
    """An office that somebody walked round last month."""

    measure = "access/clear_desk_inspected"
    breaks = "The last round of the office is moved to a hundred days ago"

    def sabotage(self) -> str:
        """Move it."""
        self.office.move("registers_inspection", "at", ago(100), f"zone_id = {self.office_zone}")
        return "Office"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = RoundSkipped()
