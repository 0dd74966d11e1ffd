"""Takes the approval of a disposal away, in the database of an office of the lab."""

from upheld.drills.inventory import AssetDrill
from upheld.drills.kept import AUTHOR


class NobodyApproved(AssetDrill):
    """A disk that went through every step."""

    measure = "assets/media_disposed_formally"
    breaks = "The approval of a disposal is taken out of the database"

    def sabotage(self) -> str:
        """Let who asked for it have approved it."""
        self.office.sql("UPDATE registers_disposal SET approved_by = requested_by")
        return "D-1"

    def heal(self) -> None:
        """Name who approved it."""
        self.office.sql("UPDATE registers_disposal SET approved_by = %s", AUTHOR)


DRILL = NobodyApproved()
