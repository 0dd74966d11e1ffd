"""Gives somebody a right in a real directory that is beyond their role."""

from upheld.drills.granted import FINANCE, GrantedDrill


class BeyondTheRole(GrantedDrill):
    """The directory in which everybody has what they were granted."""

    measure = "authorization/least_privilege"
    breaks = "Bob is put into the group finance, which neither his role nor a request gives"

    def sabotage(self) -> str:
        """Put Bob in."""
        self.members(FINANCE, "ada", "bob")
        return "bob"

    def heal(self) -> None:
        """Take Bob out."""
        self.members(FINANCE, "ada")


DRILL = BeyondTheRole()
