"""Keeps rows of a customer whose contract ended, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class RowsLeft(Moved):
    """A customer whose data were erased when the contract had ended."""

    measure = "privacy/end_of_contract_done"
    breaks = "Rows of a customer are left whose contract ended"
    named = "Over: Terms"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_storesearch", "found", "3", f"ending_id = {self.ending} AND data_set_id = 3")


DRILL = RowsLeft()
