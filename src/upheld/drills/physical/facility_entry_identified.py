"""Lets a badge open a door that nobody is known to have, in a real badge log."""

from upheld.drills.facility import OneMoreLine


class UnknownBadge(OneMoreLine):
    """A badge log in which every badge is somebody's."""

    measure = "physical/facility_entry_identified"
    breaks = "The badge log tells of a badge that was never handed out"
    lasting = True
    table, named = "badge_entries", "badge X-1"

    @property
    def line(self) -> str:
        """The line."""
        return f"3,X-1,,office,{self.noon:%Y-%m-%d} 13:00"


DRILL = UnknownBadge()
