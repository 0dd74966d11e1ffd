"""Lets an instruction be carried out that is suspended because it seems to break the law."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class LeftRunning(OneMoreLine):
    """An instruction that was suspended, and told to the customer."""

    measure = "privacy/infringing_instruction_notified"
    breaks = "An instruction that seems to break the law is carried out while it is suspended"
    named = "Guess incomes"
    table = "processing_events"

    @property
    def line(self) -> str:
        """The line."""
        return f"e2,crm,acme,profiling,contacts,{ago(1):%Y-%m-%d %H:%M}"


DRILL = LeftRunning()
