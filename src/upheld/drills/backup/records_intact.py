"""Alters one byte of an entry of the ledger, in the database of an office of the lab, past the guards that keep it from that."""

from upheld.drills.kept_safe import BackupDrill


class OneByte(BackupDrill):
    """An office whose ledger verifies from end to end."""

    measure = "backup/records_intact"
    breaks = "One byte of an entry of the ledger is altered in the database"

    def sabotage(self) -> str:
        """Alter it, with the guards out of the way for that long."""
        self.office.settle()
        self._alter("invoices", "invoicez")
        return "ledger"

    def heal(self) -> None:
        """Alter it back."""
        self._alter("invoicez", "invoices")

    def _alter(self, old: str, new: str) -> None:
        said = "UPDATE ledger_entry SET data = CAST(replace(CAST(data AS TEXT), %s, %s) AS BLOB) WHERE CAST(data AS TEXT) LIKE %s"
        self.office.tamper("ledger_entry", said, f'"{old}"', f'"{new}"', f'%"{old}"%')


DRILL = OneByte()
