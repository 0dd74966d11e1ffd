"""Destroys a record before its time is over, in the database of an office of the lab."""

from upheld.drills.kept_safe import BackupDrill, ago


class TooEarly(BackupDrill):
    """Invoices of two years: the older destroyed after their time, the newer kept."""

    measure = "backup/records_kept"
    breaks = "Records are destroyed before their time is over"

    def sabotage(self) -> str:
        """Destroy the newer."""
        self.office.move("registers_filedrecord", "destroyed_at", ago(1), "title = '2025'")
        return "2025, invoices"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = TooEarly()
