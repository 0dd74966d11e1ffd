"""Lets a zone hold personal data outside any perimeter, in an office of the lab."""

from upheld.drills.facility import FacilityDrill


class OutsideTheWall(FacilityDrill):
    """A headquarters behind a wall."""

    measure = "physical/perimeter_inspected"
    breaks = "A zone is added that holds personal data and lies inside no perimeter"

    def sabotage(self) -> str:
        """Put an archive into the shed."""
        self.shed = self.zone("shed", personal_data="yes")
        return "Shed"

    def heal(self) -> None:
        """Give the shed up."""
        self.act("end-zone", self.shed)


DRILL = OutsideTheWall()
