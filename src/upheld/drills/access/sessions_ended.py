"""Leaves a session open overnight, in a real list of sessions."""

from contextlib import ExitStack

from upheld import clock
from upheld.drills.drill import Drill, Scene
from upheld.drills.kept import ago
from upheld.drills.staging import Listed, system

HEADER = "id,system_id,identifier,way,interactive,remote,started_at,active_at,locked"


class OpenOvernight(Drill):
    """A list of sessions on a host, as its administrator exports it."""

    measure = "access/sessions_ended"
    breaks = "Bob's session stays open and unlocked overnight"

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        self.listed = Listed(stack, "sessions", HEADER, *_lines())
        return Scene([self.listed.source], {"systems": [system("host", "host")], "accounts": [], "people": []})

    def sabotage(self) -> str:
        """Write it into the list."""
        self.listed.write(*_lines(bob=f"{ago(1):%Y-%m-%d %H:%M},no"))
        return "bob"

    def heal(self) -> None:
        """Write that it is locked."""
        self.listed.write(*_lines(bob=f"{ago(1):%Y-%m-%d %H:%M},yes"))


def _lines(*, bob: str = "") -> list[str]:
    now = f"{clock.now():%Y-%m-%d %H:%M}"
    return [f"1,host,ada,console,yes,no,{now},{now},no", f"2,host,bob,console,yes,no,{ago(1):%Y-%m-%d %H:%M},{bob or now + ',no'}"]


DRILL = OpenOvernight()
