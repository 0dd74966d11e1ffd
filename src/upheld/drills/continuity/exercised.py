"""Slows the only exercise of a plan down beyond its target, in the database of an office of the lab."""

from upheld.drills.continued import ContinuedDrill


class MissedItsTarget(ContinuedDrill):
    """An exercise after which the process was back in six hours, where eight were to be had."""

    measure = "continuity/exercised"
    breaks = "The last exercise of a plan took longer than its process can wait, past the product"

    def sabotage(self) -> str:
        """Let it have taken twenty hours."""
        self.office.sql("UPDATE registers_exercise SET recovered_in = '20 hours'")
        return "Selling"

    def heal(self) -> None:
        """Put it back."""
        self.office.sql("UPDATE registers_exercise SET recovered_in = '6 hours'")


DRILL = MissedItsTarget()
