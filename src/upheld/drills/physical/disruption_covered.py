"""Ages the test of what bridges a power failure, in the database of an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import ago


class TestAged(FacilityDrill):
    """A site protected against all four."""

    measure = "physical/disruption_covered"
    breaks = "The last test of the battery is moved to two years ago"

    def sabotage(self) -> str:
        """Age it."""
        self.office.move("registers_inspection", "at", ago(730), "protection_id = 1")
        return "Headquarters, power failure"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = TestAged()
