"""Lets a visitor into the office, in a real badge log."""

from upheld.drills.facility import OneMoreLine


class VisitorAstray(OneMoreLine):
    """A visitor who stayed in the lobby."""

    measure = "physical/visitors_confined"
    breaks = "The badge log tells of a visitor in the office, which was not granted"
    lasting = True
    table, named = "badge_entries", "Visit 1 to hq"

    @property
    def line(self) -> str:
        """The line."""
        return f"3,V-1,,office,{self.noon:%Y-%m-%d} 12:30"


DRILL = VisitorAstray()
