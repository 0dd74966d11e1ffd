"""Resolves an incident with a step open, in the database of an office of the lab."""

from upheld.drills.handled import HandledDrill, ago


class StepOpen(HandledDrill):
    """An incident that was resolved by its playbook, and one with a step still open."""

    measure = "incidents/playbook_followed"
    breaks = "An incident is resolved through the database with a step open"

    def keep(self) -> None:
        """Resolve one; leave a step of the other open."""
        self.ready()
        self.over(ago(10))
        self.handled(ago(1), steps=1)

    def sabotage(self) -> str:
        """Resolve it all the same."""
        self.office.move("registers_incident", "resolved_at", ago(0), "id = 2")
        return "Incident 2"

    def heal(self) -> None:
        """Let it be open again."""
        self.office.put_back()


DRILL = StepOpen()
