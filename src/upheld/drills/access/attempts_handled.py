"""Leaves attempts on an expired account unanswered, in a log and the database of an office of the lab."""

from upheld.drills.handled import EXPIRED, HandledDrill, ago


class Unhandled(HandledDrill):
    """A log in which somebody tried an account that has expired, and that was looked into."""

    measure = "access/attempts_handled"
    breaks = "Somebody tries an expired account again, and nobody looks into it for three days"

    def keep(self) -> None:
        """Let somebody try it, and decide about it."""
        self.office.log(*EXPIRED)
        self.office.act("incidents.decide-event", 1, decision="no-incident", reason="Bob came back from leave and did not know.")

    def sabotage(self) -> str:
        """Let them try again, three days ago."""
        self.office.log(*EXPIRED)
        self.office.move("logs_detection", "found_at", ago(3), "id = 2")
        return "An expired account was used"

    def heal(self) -> None:
        """Let it be today, and decide about it."""
        self.office.put_back()
        self.office.act("incidents.decide-event", 2, decision="no-incident", reason="He forgot.")


DRILL = Unhandled()
