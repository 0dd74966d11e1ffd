"""Authorises somebody who acknowledged no working rules, in the database of an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import ADA, BOB


class NothingAcknowledged(FacilityDrill):
    """Ada read the rules of the server room before she was let in."""

    measure = "physical/secure_area_rules_acknowledged"
    breaks = "Bob is written into the database as authorised, who has acknowledged nothing"

    def sabotage(self) -> str:
        """Let Bob in."""
        self.office.sql("UPDATE registers_zoneauthorisation SET person = %s", BOB)
        return "Server-room, Bob"

    def heal(self) -> None:
        """Let Ada in."""
        self.office.sql("UPDATE registers_zoneauthorisation SET person = %s", ADA)


DRILL = NothingAcknowledged()
