"""Ends the employment of the only holder of a responsibility, in a real list of people."""

from contextlib import ExitStack
from datetime import timedelta

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, BOB, KeptDrill
from upheld.drills.staging import Listed, today

HEADER = "employee number,name,mail,started on,ended on"


class HolderLeft(KeptDrill):
    """Two responsibilities, each held by one person."""

    measure = "governance/responsibility_held"
    breaks = "The only holder of a responsibility leaves"

    def open(self, stack: ExitStack) -> Scene:
        """Keep the people in a list."""
        self.listed = Listed(stack, "people", HEADER, *self._people())
        scene = super().open(stack)
        return Scene([*scene.sources, self.listed.source])

    def keep(self) -> None:
        """Give both."""
        self.responsibility("security", ADA)
        self.responsibility("backups", BOB)

    def sabotage(self) -> str:
        """Let Bob leave."""
        self.listed.write(*self._people(str(today() - timedelta(days=1))))
        return "backups"

    def heal(self) -> None:
        """Let him stay."""
        self.listed.write(*self._people())

    def _people(self, ended: str = "") -> list[str]:
        return [f"{ADA},Ada,ada@example.org,2020-01-01,", f"{BOB},Bob,bob@example.org,2020-01-01,{ended}"]


DRILL = HolderLeft()
