"""Takes a right away in a real directory that is still approved."""

from upheld.drills.granted import FINANCE, GrantedDrill


class TakenAway(GrantedDrill):
    """The directory in which everybody has what they were granted."""

    measure = "authorization/provisioned_as_approved"
    breaks = "Ada is taken out of the group finance, in which she was approved to be"

    def sabotage(self) -> str:
        """Leave Bob alone in it."""
        self.members(FINANCE, "bob")
        return "Ada"

    def heal(self) -> None:
        """Put Ada back."""
        self.members(FINANCE, "ada")


DRILL = TakenAway()
