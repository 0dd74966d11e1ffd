"""Lets somebody who is not authorised into the server room at night, in a real badge log."""

from upheld.drills.facility import OneMoreLine


class EnteredAtNight(OneMoreLine):
    """A badge log in which Ada alone entered the server room."""

    measure = "physical/entry_authorised"
    breaks = "The badge log tells of Bob in the server room at three in the morning"
    lasting = True
    table, named = "badge_entries", "Bob into server-room"

    @property
    def line(self) -> str:
        """The line."""
        return f"3,B-9,1002,server-room,{self.noon:%Y-%m-%d} 03:00"


DRILL = EnteredAtNight()
