"""Lets a customer be told after data were disclosed, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved
from upheld.drills.kept import ago


class ToldAfterwards(Moved):
    """A court's demand, of which the customer was told before."""

    measure = "privacy/legal_request_notified"
    breaks = "Data were disclosed to a court before the customer was told"
    named = "A court"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_legalrequest", "notified_at", ago(13), f"id = {self.court}")


DRILL = ToldAfterwards()
