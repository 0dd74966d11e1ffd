"""Authorises somebody of ours for a zone of the provider, in the database of an office of the lab."""

from upheld.drills.facility import FacilityDrill


class OwnPeopleLetIn(FacilityDrill):
    """A cage in a data centre that nobody of ours enters."""

    measure = "physical/no_own_staff_in_datacentre"
    breaks = "Ada is written into the database as authorised for the cage"
    lasting = True

    def sabotage(self) -> str:
        """Let her in."""
        self.office.sql("UPDATE registers_zoneauthorisation SET zone_id = %s", self.cage)
        return "Cage"

    def heal(self) -> None:
        """Let her into the server room only."""
        self.office.sql("UPDATE registers_zoneauthorisation SET zone_id = %s", self.server_room)


DRILL = OwnPeopleLetIn()
