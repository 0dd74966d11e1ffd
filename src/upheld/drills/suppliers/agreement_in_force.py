"""Lets the agreement with the only supplier run out, in an office of the lab."""

from datetime import timedelta

from upheld.drills.staging import today
from upheld.drills.supplied import SuppliedDrill


class RunOut(SuppliedDrill):
    """An agreement that runs on for two years."""

    measure = "suppliers/agreement_in_force"
    breaks = "The agreement with a supplier runs out"

    def sabotage(self) -> str:
        """Let it end yesterday."""
        self.act("end-agreement", self.agreement, until_on=str(today() - timedelta(days=1)))
        return "Host Ltd"

    def heal(self) -> None:
        """Let it run on."""
        self.act("end-agreement", self.agreement, until_on=str(today() + timedelta(days=700)))


DRILL = RunOut()
