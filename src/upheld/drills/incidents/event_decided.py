"""Leaves an event undecided for longer than the window, in the database of an office of the lab."""

from upheld.drills.handled import BOB, HandledDrill, ago


class Undecided(HandledDrill):
    """An event that Bob reported just now."""

    measure = "incidents/event_decided"
    breaks = "An event is left undecided for longer than the window: its report is moved three days back"

    def keep(self) -> None:
        """Report it."""
        self.office.act("incidents.report-event", by=BOB, role="employee", what="An odd mail.")

    def sabotage(self) -> str:
        """Move its report."""
        self.office.move("registers_securityevent", "reported_at", ago(3))
        return "Event 1"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = Undecided()
