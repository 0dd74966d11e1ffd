"""Approves a change only after it was deployed, in the database of an office of the lab."""

from upheld.drills.changed import ChangeDrill, ago


class ApprovedLater(ChangeDrill):
    """A release that was deployed by an approved change."""

    measure = "change/deployment_approved"
    breaks = "A release goes live before its change is approved"

    def sabotage(self) -> str:
        """Let the approval be of yesterday."""
        self.office.move("registers_change", "decided_at", ago(1))
        return "shop/v2.0 on shop"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = ApprovedLater()
