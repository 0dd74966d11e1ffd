"""Somebody pushes straight to the protected branch."""

from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene
from upheld.lab.git import GitRepository
from upheld.sources.git import GIT

REVIEW = "Reviewed-by: Bob <bob@example.org>"


class CommitReviewed(Drill):
    """A real repository, with a bare copy that is pushed to."""

    measure = "change/commit_reviewed"
    breaks = "a commit that nobody reviewed is pushed straight to the protected branch"

    def open(self, stack: ExitStack) -> Scene:
        """Two commits of Alice's, both reviewed by Bob."""
        self._repository = stack.enter_context(GitRepository())
        for number in (1, 2):
            self._reviewed = self._repository.commit("shop.py", f"version = {number}\n", REVIEW)
        self._repository.push()
        source = connected(GIT, repository=str(self._repository.shared), name="shop", branches="main", reviews="trailers")
        return Scene([("git", GIT.tables, source)])

    def sabotage(self) -> str:
        """Push without a review."""
        oid = self._repository.commit("shop.py", "version = 3  # quickly\n", by="mallory")
        self._repository.push()
        return oid[:12]

    def heal(self) -> None:
        """Put the branch back to the last reviewed commit."""
        self._repository.git("reset", "--quiet", "--hard", self._reviewed)
        self._repository.push(force=True)


DRILL = CommitReviewed()
