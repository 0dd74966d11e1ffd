"""The newest backup is gone; what is left is days old."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from upheld.drills.drill import Drill, Scene
from upheld.drills.restic_scene import filled, scene
from upheld.lab.restic import ResticRepository


class TakenOnSchedule(Drill):
    """A real repository with a snapshot of today and one of five days ago."""

    measure = "backup/taken_on_schedule"
    breaks = "the newest snapshot is lost, as when backups had stopped days ago"

    def open(self, stack: ExitStack) -> Scene:
        """Two snapshots."""
        self._repository = stack.enter_context(ResticRepository())
        filled(self._repository)
        self._back_up_long_ago()
        self._repository.back_up()
        return scene(self._repository, ("backups",), restore="no")

    def _back_up_long_ago(self) -> None:
        self._repository.back_up(at=datetime.now(UTC) - timedelta(days=5))

    def sabotage(self) -> str:
        """Leave the old one alone."""
        self._repository.forget_all()
        self._back_up_long_ago()
        return "crm"

    def heal(self) -> None:
        """Take a backup."""
        self._repository.back_up()


DRILL = TakenOnSchedule()
