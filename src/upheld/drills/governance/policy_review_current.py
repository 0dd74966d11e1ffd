"""Moves the last review of a policy into the past, in the database of an office of the lab."""

from upheld.drills.kept import KeptDrill, ago


class ReviewAged(KeptDrill):
    """A policy published long ago, and reviewed a month ago."""

    measure = "governance/policy_review_current"
    breaks = "The last review of a policy is moved to 400 days ago"

    def keep(self) -> None:
        """Publish, and review."""
        self.policy(days_ago=500)
        self.office.act("review-policy", 1, at=ago(30), outcome="still good")

    def sabotage(self) -> str:
        """Age the review."""
        self.office.move("registers_review", "at", ago(400))
        return "Access policy"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = ReviewAged()
