"""Leaves a disk unmeasured for a week, in a real list of readings."""

from upheld.drills.filling import FillingDrill


class Unmeasured(FillingDrill):
    """A system whose disk is measured every day."""

    measure = "operations/capacity_measured"
    breaks = "Nothing has measured a system's disk for eight days"

    def sabotage(self) -> str:
        """Write the newest readings out of the list."""
        self.listed.write(*self.lines(until=8))
        return "database"


DRILL = Unmeasured()
