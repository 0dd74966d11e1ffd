"""Leaves a right in a real directory that a review decided to revoke."""

from datetime import timedelta

from upheld import clock
from upheld.drills.granted import RETIRED, GrantedDrill


class LeftThere(GrantedDrill):
    """The directory from which what a review revoked is gone."""

    measure = "authorization/review_carried_out"
    breaks = "Bob is back in the group that a review decided about six days ago"

    def sabotage(self) -> str:
        """Put him back, and let the decision be older than the time there is to carry it out."""
        self.members(RETIRED, "ada", "bob")
        self.office.move("registers_reviewdecision", "decided_at", clock.now() - timedelta(days=6))
        return "bob"

    def heal(self) -> None:
        """Take him out."""
        self.members(RETIRED, "ada")
        self.office.put_back()


DRILL = LeftThere()
