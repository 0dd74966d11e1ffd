"""Lets approved test data expire, in the database of an office of the lab."""

from upheld.drills.apart import ApartDrill
from upheld.drills.kept import ago


class Expired(ApartDrill):
    """A set of test data that somebody else approved."""

    measure = "separation/test_data_approved"
    breaks = "A set of test data is kept longer than was approved"

    def sabotage(self) -> str:
        """Let its last day be over."""
        self.office.move("registers_testdataset", "expires_on", ago(2).date())
        return "Made-up orders"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = Expired()
