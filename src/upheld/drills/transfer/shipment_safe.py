"""Breaks the seal of a medium that arrived, in the database of an office of the lab."""

from upheld.drills.sending import SendingDrill


class BrokenSeal(SendingDrill):
    """A disk that went by courier, under seal."""

    measure = "transfer/shipment_safe"
    breaks = "The seal of a medium was broken when it arrived"

    def sabotage(self) -> str:
        """Write so."""
        self.office.move("registers_shipment", "seal_intact", "0")
        return "Disk 4"


DRILL = BrokenSeal()
