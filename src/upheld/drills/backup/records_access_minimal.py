"""Lets everybody write into an archive of records, on a real tree of files."""

from upheld.drills.kept_safe import ARCHIVE, BackupDrill


class Writable(BackupDrill):
    """An archive that root alone may read and change."""

    measure = "backup/records_access_minimal"
    breaks = "The folder of the invoices is opened to everybody for writing"

    def sabotage(self) -> str:
        """Open it."""
        self.host.path(ARCHIVE).chmod(0o702)
        return "everybody may change Invoices"

    def heal(self) -> None:
        """Close it."""
        self.host.path(ARCHIVE).chmod(0o700)


DRILL = Writable()
