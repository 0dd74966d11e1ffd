"""Leaves a right in a real directory that a review decided to revoke."""

from upheld.drills.granted import RETIRED, GrantedDrill


class LeftThere(GrantedDrill):
    """The directory from which what a review revoked is gone."""

    measure = "authorization/review_carried_out"
    breaks = "Bob is put back into the group that a review took him out of"

    def sabotage(self) -> str:
        """Put him back."""
        self.members(RETIRED, "ada", "bob")
        return "bob"

    def heal(self) -> None:
        """Take him out."""
        self.members(RETIRED, "ada")


DRILL = LeftThere()
