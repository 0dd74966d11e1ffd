"""Leaves an incident of high severity unreviewed for 15 days, in the database of an office of the lab."""

from upheld.drills.handled import HANDLED, HandledDrill, ago


class NotReviewed(HandledDrill):
    """An incident of high severity that was resolved just now."""

    measure = "incidents/lessons_drawn"
    breaks = "An incident of high severity is left unreviewed for 15 days"

    def keep(self) -> None:
        """Resolve it."""
        self.ready()
        self.over(ago(0))

    def sabotage(self) -> str:
        """Move when it was resolved."""
        self.office.move("registers_incident", "resolved_at", ago(15))
        return HANDLED

    def heal(self) -> None:
        """Move it back, and review it."""
        self.office.put_back()
        self.by_lead("review-incident", 1, ago(0), cause="no patch", lesson="patch weekly")


DRILL = NotReviewed()
