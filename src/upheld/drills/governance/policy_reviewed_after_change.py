"""Moves the review that followed a significant change before it, in the database of an office of the lab."""

from upheld.drills.kept import KeptDrill, ago


class ChangeUnanswered(KeptDrill):
    """A policy that was reviewed after an incident."""

    measure = "governance/policy_reviewed_after_change"
    breaks = "An incident 50 days ago is left without the review that followed it"

    def keep(self) -> None:
        """Link an incident, and review."""
        self.policy(days_ago=100)
        self.office.act("link-change", 1, at=ago(50), kind="incident", what="a leak")
        self.office.act("review-policy", 1, at=ago(40), outcome="must change")

    def sabotage(self) -> str:
        """Let the review be older than the incident."""
        self.office.move("registers_review", "at", ago(60))
        return "Access policy, incident"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = ChangeUnanswered()
