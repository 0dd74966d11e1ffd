"""Ends somebody in the HR list with no case."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from upheld.drills.drill import Scene
from upheld.drills.kept import KeptDrill
from upheld.drills.staging import CARL, people, person, today


class NoCase(KeptDrill):
    """An office where nobody leaves without a case."""

    measure = "authorization/leaver_case_complete"
    breaks = "Carl left a week ago, and nobody opened a case"

    def open(self, stack: ExitStack) -> Scene:
        """Open the office."""
        self.scene = super().open(stack)
        return self.scene

    def keep(self) -> None:
        """Open a case of somebody who leaves next month."""
        given: dict[str, Any] = {"kind": "leaver", "person": "1", "due_on": str(today() + timedelta(days=30)), "why": "a new job"}
        self.office.act("authorization.open-case", **given)

    def sabotage(self) -> str:
        """Let Carl have left."""
        self.scene.registers["people"] = people(person(CARL, "Carl", ended_on=today() - timedelta(days=7)))
        return "Carl"

    def heal(self) -> None:
        """Let him stay."""
        self.scene.registers["people"] = people(person(CARL, "Carl"))


DRILL = NoCase()
