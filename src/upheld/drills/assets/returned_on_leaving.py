"""Lets somebody leave who has a laptop still, in a real list of people."""

from contextlib import ExitStack
from datetime import timedelta

from upheld.drills.drill import Scene
from upheld.drills.inventory import AssetDrill
from upheld.drills.kept import ADA
from upheld.drills.staging import Listed, today


class LeftWithIt(AssetDrill):
    """A laptop that Ada has, who works here."""

    measure = "assets/returned_on_leaving"
    breaks = "Ada left a month ago, and has the laptop still"

    def open(self, stack: ExitStack) -> Scene:
        """Keep the people in a list."""
        self.people = Listed(stack, "people", "employee number,name,mail,started on,ended on", self._ada())
        scene = super().open(stack)
        return Scene([*scene.sources, self.people.source])

    def sabotage(self) -> str:
        """Let her have left."""
        self.people.write(self._ada(str(today() - timedelta(days=30))))
        return "L-1, Ada"

    def heal(self) -> None:
        """Let her work here."""
        self.people.write(self._ada())

    def _ada(self, ended: str = "") -> str:
        return f"{ADA},Ada,ada@example.org,2020-01-01,{ended}"


DRILL = LeftWithIt()
