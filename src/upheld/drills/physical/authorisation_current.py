"""Moves the end of an authorisation into the past, in the database of an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import ago


class RanOut(FacilityDrill):
    """Ada is authorised for the server room."""

    measure = "physical/authorisation_current"
    breaks = "An authorisation runs out, and nobody withdraws it"

    def sabotage(self) -> str:
        """Let it run out three days ago."""
        self.office.sql("UPDATE registers_zoneauthorisation SET until_on = %s", f"{ago(3):%Y-%m-%d}")
        return "server-room"

    def heal(self) -> None:
        """Let it have no end."""
        self.office.sql("UPDATE registers_zoneauthorisation SET until_on = NULL")


DRILL = RanOut()
