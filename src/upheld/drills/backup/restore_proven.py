"""What is stored is damaged: the snapshot is listed as ever, and does not come back."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.restic_scene import filled, scene
from upheld.lab.restic import ResticRepository


class RestoreProven(Drill):
    """A real repository, from which every collection restores."""

    measure = "backup/restore_proven"
    breaks = "four bytes are overwritten in each pack of the repository"

    def open(self, stack: ExitStack) -> Scene:
        """One snapshot."""
        self._repository = stack.enter_context(ResticRepository())
        filled(self._repository)
        self._repository.back_up()
        return scene(self._repository, ("restore_tests",), restore="yes")

    def sabotage(self) -> str:
        """Damage the packs."""
        self._repository.damage()
        return "crm"

    def heal(self) -> None:
        """Put the bytes back."""
        self._repository.mend()


DRILL = RestoreProven()
