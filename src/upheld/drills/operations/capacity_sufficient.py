"""Lets a disk fill in ten days, in a real list of readings."""

from upheld.drills.filling import FillingDrill


class Filling(FillingDrill):
    """A system whose disk fills slowly, and for which nothing is ordered."""

    measure = "operations/capacity_sufficient"
    breaks = "A disk fills within ten days, and nobody has ordered another"

    def sabotage(self) -> str:
        """Write readings into the list that rise by four parts in a hundred each day."""
        self.listed.write(*self.lines(a_day=4.0))
        return "database"

    def heal(self) -> None:
        """Build a disk in that is ten times as large: what filled the old one stays in the history."""
        self.listed.write(*self.lines(a_day=4.0, size=1000))


DRILL = Filling()
