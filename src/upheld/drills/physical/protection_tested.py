"""Notes a hazard of a site that nothing protects against, in an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import AUTHOR


class FloodNoted(FacilityDrill):
    """A site whose only hazard is fire."""

    measure = "physical/protection_tested"
    breaks = "A flood is noted as a hazard, and nothing protects against it"

    def sabotage(self) -> str:
        """Note it."""
        self._note("fire", "flood")
        return "Headquarters, flood"

    def heal(self) -> None:
        """Take it back."""
        self._note("fire")

    def _note(self, *hazards: str) -> None:
        said = {"title": "Headquarters", "owner": AUTHOR, "time_zone": "UTC", "closes": "23:59"}
        self.act("change-site", self.site, hazards=list(hazards), **said)


DRILL = FloodNoted()
