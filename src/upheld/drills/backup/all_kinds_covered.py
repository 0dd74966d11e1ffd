"""Leaves configuration out of the backups of a real repository."""

from upheld.drills.kept_safe import KINDS, BackupDrill


class LeftOut(BackupDrill):
    """A repository with backups of all three kinds of content."""

    measure = "backup/all_kinds_covered"
    breaks = "Configuration is left out of the backups"

    def sabotage(self) -> str:
        """Back up the others alone."""
        self.restic.forget_all()
        self.back_up("settings", "data")
        return "CRM, configuration"

    def heal(self) -> None:
        """Back up all three."""
        self.back_up(*KINDS)


DRILL = LeftOut()
