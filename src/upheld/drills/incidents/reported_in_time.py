"""Makes an event known three days before it was reported, in the database of an office of the lab."""

from upheld.drills.handled import BOB, HandledDrill, ago


class ReportedLate(HandledDrill):
    """An event that Bob reported as he noticed it."""

    measure = "incidents/reported_in_time"
    breaks = "An event turns out to have been noticed three days before it was reported"

    def keep(self) -> None:
        """Report it."""
        self.office.act("incidents.report-event", by=BOB, role="employee", what="An odd mail.")

    def sabotage(self) -> str:
        """Move when it was noticed."""
        self.office.move("registers_securityevent", "noticed_at", ago(3))
        return "Event 1"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = ReportedLate()
