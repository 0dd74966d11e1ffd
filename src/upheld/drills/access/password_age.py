"""Lets a password grow two years old in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, PASSWORD, days_ago, directory, people, system
from upheld.lab.slapd import Slapd


class OldPassword(Drill):
    """Ada's and Bob's directory, where everybody's password is new."""

    measure = "access/password_age"
    breaks = "Ada's password is two years old"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Make the password old."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"pwdChangedTime": [days_ago(730)]}, operational=True)
        return "ada"

    def heal(self) -> None:
        """Let Ada choose a new one."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"userPassword": [PASSWORD + "2"]})


DRILL = OldPassword()
