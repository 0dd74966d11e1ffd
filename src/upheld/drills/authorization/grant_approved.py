"""Grants a right by hand in a real directory, which nobody approved."""

from upheld.drills.granted import FINANCE, GrantedDrill


class GrantedByHand(GrantedDrill):
    """The directory in which everybody has what they were granted."""

    measure = "authorization/grant_approved"
    breaks = "Bob is put into the group finance, and nobody had approved it"
    lasting = True

    def sabotage(self) -> str:
        """Put Bob in."""
        self.members(FINANCE, "ada", "bob")
        return "bob"

    def heal(self) -> None:
        """Take Bob out; that it was so stays."""
        self.members(FINANCE, "ada")


DRILL = GrantedByHand()
