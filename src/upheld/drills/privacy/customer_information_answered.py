"""Moves a customer's question back in time, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved
from upheld.drills.kept import ago


class Late(Moved):
    """A question that was answered within the week."""

    measure = "privacy/customer_information_answered"
    breaks = "A customer's question was due long before it was answered"
    named = "Audit"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_informationrequest", "due_at", ago(29))


DRILL = Late()
