"""Leaves a first password in place for a month in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, PASSWORD, days_ago, directory, people, system
from upheld.lab.slapd import Slapd


class FirstPassword(Drill):
    """Ada's and Bob's directory, where everybody's password is new."""

    measure = "access/initial_secret_changed"
    breaks = "Ada has had a password that must be changed for thirty days"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Reset the password, a month ago."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"pwdReset": ["TRUE"]})
        self.slapd.put(self.slapd.dn("ada"), {"pwdChangedTime": [days_ago(30)]}, operational=True)
        return "ada"

    def heal(self) -> None:
        """Let Ada choose a password of her own."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"pwdReset": []})
        self.slapd.put(self.slapd.dn("ada"), {"userPassword": [PASSWORD + "2"]})


DRILL = FirstPassword()
