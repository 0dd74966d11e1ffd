"""Strikes somebody's confidentiality undertaking out of a real HR list."""

from contextlib import ExitStack
from datetime import timedelta

from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import ADA, BOB, Listed, directory, system, today
from upheld.lab.slapd import Slapd

HEADER = "Personalnummer,Name,E-Mail,Eintritt,Verschwiegenheit"


class Unsigned(Drill):
    """The HR list, and a directory with the accounts of who is on it."""

    measure = "people/confidentiality_signed"
    breaks = "Bob's confidentiality undertaking is gone from the HR list"

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        self.listed = Listed(stack, "people", HEADER, *_lines(bob=str(today())))
        slapd, source = directory(stack, Slapd())
        return Scene([self.listed.source, source], {"systems": [system(slapd.name, "directory")]})

    def sabotage(self) -> str:
        """Write it into the list."""
        self.listed.write(*_lines(bob=""))
        return "Bob"

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed.write(*_lines(bob=str(today())))


def _lines(*, bob: str) -> list[str]:
    """Return the lines of the administrator, Ada and Bob, with what is said of Bob's undertaking."""
    day = today() - timedelta(days=365)
    names = (("1", "Admin", day), (ADA, "Ada", day), (BOB, "Bob", bob))
    return [f"{number},{name},{name.lower()}@example.org,{day},{signed}" for number, name, signed in names]


DRILL = Unsigned()
