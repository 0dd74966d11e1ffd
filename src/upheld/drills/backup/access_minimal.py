"""Opens the folder of a repository to everybody, on a real tree of files."""

from upheld.drills.kept_safe import BackupDrill


class Opened(BackupDrill):
    """A repository whose folder root alone may read."""

    measure = "backup/access_minimal"
    breaks = "The folder of the backups is opened to everybody on the host"

    def sabotage(self) -> str:
        """Open it."""
        self.host.path(self.store).chmod(0o755)
        return "everybody reads"

    def heal(self) -> None:
        """Close it."""
        self.host.path(self.store).chmod(0o700)


DRILL = Opened()
