"""Lets somebody have decided about their own access, in the database of an office of the lab."""

from upheld.drills.granted import GrantedDrill
from upheld.drills.kept import ADA


class DecidedByOneself(GrantedDrill):
    """The directory whose rights were reviewed, each by somebody else."""

    measure = "authorization/reviewer_independent"
    breaks = "Ada is the one who decided about every item, her own among them"
    lasting = True

    def sabotage(self) -> str:
        """Let it be Ada."""
        self.office.move("registers_reviewdecision", "decided_by", ADA)
        return "finance"

    def heal(self) -> None:
        """Let it be who it was."""
        self.office.put_back()


DRILL = DecidedByOneself()
