"""Lets a screen lock after an hour only, in a real list of devices."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import Listed

HEADER = "serial,name,kind,in use,locks after,lock enforced"


class NeverLocks(Drill):
    """A list of devices, as the tool that looks after them exports it."""

    measure = "access/screen_locks"
    breaks = "Bob's laptop locks after an hour, and Bob can switch that off"

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        self.listed = Listed(stack, "devices", HEADER, *_lines(bob="10 minutes,yes"))
        return Scene([self.listed.source])

    def sabotage(self) -> str:
        """Write it into the list."""
        self.listed.write(*_lines(bob="1 hour,no"))
        return "bob-laptop"

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed.write(*_lines(bob="10 minutes,yes"))


def _lines(*, bob: str) -> list[str]:
    """Return the lines of two laptops, Bob's as told."""
    return ["S1,ada-laptop,laptop,yes,5 minutes,yes", f"S2,bob-laptop,laptop,yes,{bob}"]


DRILL = NeverLocks()
