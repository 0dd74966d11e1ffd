"""Deletes the file that a procedure points to."""

from upheld.drills.changed import ChangeDrill


class Deleted(ChangeDrill):
    """A service whose restart is written down in a file."""

    measure = "change/procedure_exists"
    breaks = "The file in which a required procedure stands is deleted"

    def sabotage(self) -> str:
        """Delete it."""
        (self.wiki.folder / "restart.md").unlink()
        return "SHOP, restart"

    def heal(self) -> None:
        """Write it again."""
        self.write_wiki()


DRILL = Deleted()
