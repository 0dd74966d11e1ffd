"""Stops looking at a log with rules, in an office of the lab."""

from upheld import clock
from upheld.drills.kept import KeptDrill, ago


class Unread(KeptDrill):
    """A log that rules look at."""

    measure = "operations/logs_monitored"
    breaks = "The worker stops, so that no rule looked at the log for a day"

    def keep(self) -> None:
        """Let the product look."""
        self.office.log(at=clock.now())

    def sabotage(self) -> str:
        """Let that be a day ago."""
        self.office.move("logs_scan", "ended_at", ago(1))
        return "auth"

    def heal(self) -> None:
        """Let it look again."""
        self.office.log(at=clock.now())


DRILL = Unread()
