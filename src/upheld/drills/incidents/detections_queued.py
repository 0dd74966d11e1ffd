"""Drops what a rule found in a log from the queue of events, in the database of an office of the lab."""

from upheld.drills.handled import EXPIRED, HandledDrill, ago


class Dropped(HandledDrill):
    """A log in which somebody tries an account that has expired."""

    measure = "incidents/detections_queued"
    breaks = "A detection is dropped from the event of the queue that it is in"

    def keep(self) -> None:
        """Let somebody try it."""
        self.office.log(*EXPIRED, at=ago(1))

    def sabotage(self) -> str:
        """Drop it."""
        self.office.move("registers_securityevent", "detections", "[]")
        return "An expired account was used"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = Dropped()
