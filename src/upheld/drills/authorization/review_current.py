"""Ages the last review of a system's rights, in the database of an office of the lab."""

from upheld.drills.granted import GrantedDrill
from upheld.drills.kept import ago
from upheld.drills.staging import DIRECTORY


class ReviewAged(GrantedDrill):
    """The directory whose rights were reviewed."""

    measure = "authorization/review_current"
    breaks = "The only review of the directory is moved to 400 days ago"

    def sabotage(self) -> str:
        """Move it."""
        self.office.move("registers_accessreview", "finished_at", ago(400), "kind = 'system'")
        return DIRECTORY

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = ReviewAged()
