"""Moves somebody to another job in a real HR list, and leaves the rights of the former one in a real directory."""

from contextlib import ExitStack
from datetime import timedelta

from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import ADA, BOB, DIRECTORY, Listed, access_model, directory, system, today
from upheld.lab.slapd import Slapd

HEADER = "id,name,mail,role,started_on"
MODEL = """
[roles.accountant.entitlements]
directory = "finance"

[roles.engineer.entitlements]
directory = "git"
"""


class RightsKept(Drill):
    """A directory where accountants are in the group finance, and an HR list. Changes of job take effect at once."""

    measure = "authorization/movers_adjusted"
    breaks = "Ada, an accountant, becomes an engineer and stays in the group finance"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory, and write the list."""
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_group("finance", [self.slapd.dn("ada")])
        self.people = Listed(stack, "people", HEADER, *_lines("accountant"))
        scene = Scene([source, access_model(stack, MODEL), self.people.source], {"systems": [system(DIRECTORY, "directory")]})
        scene.parameters = {"mover_window": "0 days"}
        return scene

    def sabotage(self) -> str:
        """Write it into the list."""
        self.people.write(*_lines("engineer"))
        return "ada"

    def heal(self) -> None:
        """Write the list as it was."""
        self.people.write(*_lines("accountant"))


def _lines(role: str) -> list[str]:
    began = today() - timedelta(days=365)
    return [f"{ADA},Ada,ada@example.org,{role},{began}", f"{BOB},Bob,bob@example.org,engineer,{began}"]


DRILL = RightsKept()
