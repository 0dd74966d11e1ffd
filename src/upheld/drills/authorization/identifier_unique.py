"""Gives one log-on name to two people in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import BOB, DIRECTORY, directory, people, system
from upheld.lab.slapd import BASE, Slapd

SECOND = f"cn=Ada,ou=groups,{BASE}"


class SharedName(Drill):
    """Ada's and Bob's directory, where each log-on name stands for one."""

    measure = "authorization/identifier_unique"
    breaks = "A second account with Ada's log-on name is made for Bob"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Make the second account, in another place of the tree."""
        ours(self.slapd)
        self.slapd.add_entry(SECOND, ["inetOrgPerson"], cn="Ada", sn="Ada", uid="ada", employeeNumber=BOB)
        return "ada"

    def heal(self) -> None:
        """Delete it."""
        ours(self.slapd)
        self.slapd.remove(SECOND)


DRILL = SharedName()
