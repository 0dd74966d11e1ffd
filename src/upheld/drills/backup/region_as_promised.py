"""Takes a backup by hand, into a real repository that a schedule fills."""

from upheld.drills.kept_safe import BackupDrill


class ByHand(BackupDrill):
    """A repository in the promised region, which a schedule alone fills."""

    measure = "backup/region_as_promised"
    breaks = "Somebody takes a backup by hand"
    lasting = True

    def sabotage(self) -> str:
        """Take it, without the schedule's tag."""
        self.restic.back_up("data")
        return "crm"

    def heal(self) -> None:
        """Leave what the schedule takes alone."""
        self.restic.forget_all()
        self.back_up("settings", "configuration", "data")


DRILL = ByHand()
