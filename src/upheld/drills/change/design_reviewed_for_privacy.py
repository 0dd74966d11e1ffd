"""Pushes a change that touches personal data, and whose design nobody reviewed, to a real repository."""

from upheld.drills.changed import REVIEWED, ChangeDrill


class Unreviewed(ChangeDrill):
    """A commit that touches personal data, by a change whose design was reviewed."""

    measure = "change/design_reviewed_for_privacy"
    breaks = "A commit that touches personal data lands without a review of its design"

    def sabotage(self) -> str:
        """Push one more."""
        oid = self.repository.commit("shop.py", "keep = 'everything'\n", REVIEWED, "Label: personal-data")
        self.repository.push()
        return oid[:12]

    def heal(self) -> None:
        """Take it back."""
        self.back_to_good()


DRILL = Unreviewed()
