"""Leaves a critical incident unanswered past its target, in the database of an office of the lab."""

from upheld.drills.handled import HANDLED, HandledDrill, ago


class Unanswered(HandledDrill):
    """A critical incident that was opened just now."""

    measure = "incidents/response_within_target"
    breaks = "A critical incident is left unanswered past its target: its opening is moved a day back"

    def keep(self) -> None:
        """Open it."""
        self.ready()
        self.opened(ago(0), "critical")

    def sabotage(self) -> str:
        """Move its opening."""
        self.office.move("registers_incident", "opened_at", ago(1))
        return HANDLED

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = Unanswered()
