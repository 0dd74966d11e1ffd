"""Starts a transfer two days after its notices, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved
from upheld.drills.kept import ago


class TooSoon(Moved):
    """A help desk in another country, of which both customers were told in time."""

    measure = "privacy/transfer_notified"
    breaks = "A transfer to another country starts two days after its notices arrived"
    named = "Help desk for Acme"

    def tamper(self) -> None:
        """Let it have started then."""
        self.office.move("registers_announcement", "done_on", f"{ago(83):%Y-%m-%d}", f"id = {self.told_of_desk}")


DRILL = TooSoon()
