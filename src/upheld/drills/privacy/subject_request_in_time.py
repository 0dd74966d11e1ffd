"""Moves the day by which somebody was to be answered, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved
from upheld.drills.kept import ago


class Overdue(Moved):
    """A request that was answered within days."""

    measure = "privacy/subject_request_in_time"
    breaks = "A request was due long before it was answered"
    named = "erasure"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_subjectrequest", "due_at", ago(49))


DRILL = Overdue()
