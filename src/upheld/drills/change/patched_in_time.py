"""Keeps a vulnerable version on a host for a quarter after its fix, in a real report of a scanner."""

from upheld.drills.changed import ChangeDrill


class Pinned(ChangeDrill):
    """A host and a product in which a scanner found nothing."""

    measure = "change/patched_in_time"
    breaks = "A host keeps a package whose fix is three months old"

    def sabotage(self) -> str:
        """Let the scanner find it."""
        self.scan("lab", found=True)
        return "LAB"

    def heal(self) -> None:
        """Install the fix, and scan again."""
        self.scan("lab", found=False)


DRILL = Pinned()
