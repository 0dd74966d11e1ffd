"""Lets a process depend on a system that takes longer than it can wait, in an office of the lab."""

from upheld.drills.continued import ContinuedDrill
from upheld.drills.kept import AUTHOR


class SlowSystem(ContinuedDrill):
    """A process that may be down for eight hours, and a system that is back in four."""

    measure = "continuity/impact_analysed"
    breaks = "The system that a process needs within eight hours is agreed to be back in twelve"

    def sabotage(self) -> str:
        """Agree on twelve."""
        self._back_in("12 hours")
        return "Selling"

    def heal(self) -> None:
        """Agree on four."""
        self._back_in("4 hours")

    def _back_in(self, hours: str) -> None:
        said = {"title": "CRM", "kind": "database", "environment": "production", "criticality": "high", "purpose": "selling"}
        self.office.act("operations.change-system", self.crm, **said, owner=AUTHOR, recovery_time=hours)  # type: ignore[arg-type]


DRILL = SlowSystem()
