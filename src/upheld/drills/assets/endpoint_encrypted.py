"""Reports a disk that is not encrypted, in a real list of devices."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import Listed, today

HEADER = "serial,name,kind,in use,encrypted,last seen"


class PlainDisk(Drill):
    """A list of devices, as the tool that looks after them exports it."""

    measure = "assets/endpoint_encrypted"
    breaks = "Bob's laptop reports a disk that is not encrypted"

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        self.listed = Listed(stack, "devices", HEADER, *_lines(bob="yes"))
        return Scene([self.listed.source])

    def sabotage(self) -> str:
        """Write it into the list."""
        self.listed.write(*_lines(bob="no"))
        return "bob-laptop"

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed.write(*_lines(bob="yes"))


def _lines(*, bob: str) -> list[str]:
    """Return the lines of two laptops, Bob's as told."""
    return [f"S1,ada-laptop,laptop,yes,yes,{today()}", f"S2,bob-laptop,laptop,yes,{bob},{today()}"]


DRILL = PlainDisk()
