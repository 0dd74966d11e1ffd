"""Classifies a zone higher without giving it what its new class needs, in an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import AUTHOR


class ClassRaised(FacilityDrill):
    """Zones that have what their classes need."""

    measure = "physical/zone_controls_applied"
    breaks = "The lobby is classified as strict and gets no alarm"

    def sabotage(self) -> str:
        """Raise its class."""
        self._classify("strict")
        return "Lobby"

    def heal(self) -> None:
        """Lower it again."""
        self._classify("internal")

    def _classify(self, classification: str) -> None:
        held = dict.fromkeys(("processes_data", "personal_data", "equipment", "desks"), "no")
        self.act("change-zone", self.lobby, title="Lobby", kind="visitor", classification=classification, owner=AUTHOR, **held)


DRILL = ClassRaised()
