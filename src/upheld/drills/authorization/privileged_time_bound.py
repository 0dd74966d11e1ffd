"""Makes somebody an administrator of a real directory whom nobody agreed to."""

from upheld.drills.granted import ADMINS, GrantedDrill


class Unbound(GrantedDrill):
    """The directory in which everybody has what they were granted."""

    measure = "authorization/privileged_time_bound"
    breaks = "Ada is put into the group admins, which two people had agreed to for Bob alone"

    def sabotage(self) -> str:
        """Put Ada in."""
        self.members(ADMINS, "bob", "ada")
        return "ada"

    def heal(self) -> None:
        """Take Ada out."""
        self.members(ADMINS, "bob")


DRILL = Unbound()
