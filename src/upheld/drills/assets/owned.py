"""Strikes the owner of a device out of a real list."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import ADA, BOB, Listed, people, system

HEADER = "serial,name,kind,in use,assigned to"


class OwnerLost(Drill):
    """A list of devices, as the tool that looks after them exports it."""

    measure = "assets/owned"
    breaks = "Nobody is named as the owner of Bob's laptop any more"

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        self.listed = Listed(stack, "devices", HEADER, *_lines(bob=BOB))
        return Scene([self.listed.source], {"people": people(), "systems": [system("directory", "directory")]})

    def sabotage(self) -> str:
        """Write it into the list."""
        self.listed.write(*_lines(bob=""))
        return "bob-laptop"

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed.write(*_lines(bob=BOB))


def _lines(*, bob: str) -> list[str]:
    """Return the lines of two laptops, Bob's as told."""
    return [f"S1,ada-laptop,laptop,yes,{ADA}", f"S2,bob-laptop,laptop,yes,{bob}"]


DRILL = OwnerLost()
