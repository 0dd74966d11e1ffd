"""Silences a log, in an office of the lab."""

from contextlib import ExitStack
from datetime import UTC, timedelta

from upheld import clock
from upheld.drills.drill import Scene
from upheld.drills.kept import KeptDrill, ago
from upheld.drills.staging import system


class Silent(KeptDrill):
    """A host whose log is watched."""

    measure = "access/log_sources_live"
    breaks = "The host stops sending its log"

    def open(self, stack: ExitStack) -> Scene:
        """Let the host be known besides."""
        scene = super().open(stack)
        scene.registers["systems"] = [system("office", "host")]
        return scene

    def keep(self) -> None:
        """Let the host say something."""
        self._say()

    def _say(self) -> None:
        at = (clock.now().astimezone(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
        self.office.log(f"{at} office sshd[42]: Server listening on 0.0.0.0 port 22.", at=clock.now())

    def sabotage(self) -> str:
        """Let what it said last be of three days ago."""
        self.office.move("logs_scan", "last_at", ago(3))
        return "office"

    def heal(self) -> None:
        """Let it speak again."""
        self._say()


DRILL = Silent()
