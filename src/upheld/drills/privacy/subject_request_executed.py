"""Leaves somebody in one of three data sets, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class StillThere(Moved):
    """An erasure that three searches show."""

    measure = "privacy/subject_request_executed"
    breaks = "After an erasure, one of three data sets still finds the person"
    named = "Archive"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_storesearch", "found", "3", f"request_id = {self.request} AND data_set_id = 3")


DRILL = StillThere()
