"""Changes a record in the database of an office of the lab, behind the product's back."""

from upheld.drills.kept import ADA, BOB, KeptDrill


class ChangedByHand(KeptDrill):
    """Registers that actions alone wrote."""

    measure = "governance/registers_as_recorded"
    breaks = "A record is changed in the database, and its version with it"

    def keep(self) -> None:
        """Keep a record."""
        self.responsibility("backups", ADA)

    def sabotage(self) -> str:
        """Give the responsibility to somebody else."""
        self.office.sql("UPDATE registers_holding SET person = %s, version = 2", BOB)
        return "governance.holding/1"

    def heal(self) -> None:
        """Put it back."""
        self.office.sql("UPDATE registers_holding SET person = %s, version = 1", ADA)


DRILL = ChangedByHand()
