"""Leaves a weakness untriaged for longer than the window, in the database of an office of the lab."""

from upheld.drills.handled import BOB, HandledDrill, ago


class Untriaged(HandledDrill):
    """A weakness that Bob reported just now."""

    measure = "incidents/weakness_triaged"
    breaks = "A weakness is left untriaged for longer than the window: its report is moved three days back"

    def keep(self) -> None:
        """Report it."""
        self.office.act("incidents.report-event", by=BOB, role="employee", kind="weakness", what="The back door does not lock.")

    def sabotage(self) -> str:
        """Move its report."""
        self.office.move("registers_securityevent", "reported_at", ago(3))
        return "Weakness 1"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = Untriaged()
