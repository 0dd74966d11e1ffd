"""Pushes a file of code that nobody reviewed to a real repository."""

from upheld.drills.changed import ChangeDrill


class UnreadFile(ChangeDrill):
    """A repository whose code was reviewed."""

    measure = "change/code_review_coverage"
    breaks = "A file of code lands that nobody but its author has read"

    def sabotage(self) -> str:
        """Push it."""
        self.repository.commit("unread.py", "version = 3\n", by="mallory")
        self.repository.push()
        return "shop"

    def heal(self) -> None:
        """Take it back."""
        self.back_to_good()


DRILL = UnreadFile()
