"""Empties a field of the record of processing, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class Emptied(Moved):
    """A record with all that the law wants."""

    measure = "privacy/processing_record_complete"
    breaks = "What the record says of transfers is emptied behind the product's back"
    named = "Mailing"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_processing", "transfers", "")


DRILL = Emptied()
