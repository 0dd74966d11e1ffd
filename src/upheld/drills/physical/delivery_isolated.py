"""Joins the dock to the server room, in an office of the lab."""

from upheld.drills.facility import FacilityDrill


class DockJoined(FacilityDrill):
    """A dock that leads to the lobby."""

    measure = "physical/delivery_isolated"
    breaks = "A door is made from the dock into the server room, and nothing controls it"

    def sabotage(self) -> str:
        """Make it."""
        self.hole = self.act("join-zones", self.dock, other=self.server_room)
        return "Dock to Server-room"

    def heal(self) -> None:
        """Wall it up."""
        self.act("wall-up-door", self.hole)


DRILL = DockJoined()
