"""Loses one customer's notice of a sub-processor, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class Lost(Moved):
    """A host of which both customers were told by letter."""

    measure = "privacy/subprocessor_change_notified"
    breaks = "The proof that one customer got its notice of a sub-processor is lost"
    named = "Host Ltd for Brand"

    def tamper(self) -> None:
        """Lose it."""
        where = f"announcement_id = {self.told_of_host} AND customer_id = {self.brand}"
        self.office.move("registers_customernotice", "received_at", None, where)


DRILL = Lost()
