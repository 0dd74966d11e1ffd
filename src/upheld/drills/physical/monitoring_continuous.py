"""Takes three hours of signs of life out of a real list of them."""

from datetime import timedelta

from upheld.drills.facility import FacilityDrill


class CamerasSilent(FacilityDrill):
    """Cameras that report every half hour."""

    measure = "physical/monitoring_continuous"
    breaks = "The cameras are silent for three hours"

    def sabotage(self) -> str:
        """Silence them."""
        self.listed["monitoring_heartbeats"].write(*self.lines("monitoring_heartbeats", silent=timedelta(hours=3)))
        return "Headquarters"

    def heal(self) -> None:
        """Let them have reported."""
        self.tell("monitoring_heartbeats")


DRILL = CamerasSilent()
