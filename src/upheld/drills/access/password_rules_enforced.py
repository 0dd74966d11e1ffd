"""Shortens the shortest password that a real directory takes."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, directory, people, system
from upheld.lab.slapd import POLICY, Slapd


class ShortPasswords(Drill):
    """Ada's and Bob's directory, with one password policy for all."""

    measure = "access/password_rules_enforced"
    breaks = "The directory takes passwords of four characters"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Let the policy take four characters."""
        ours(self.slapd)
        self.slapd.put(POLICY, {"pwdMinLength": ["4"]})
        return "default"

    def heal(self) -> None:
        """Let it ask for fourteen again."""
        ours(self.slapd)
        self.slapd.put(POLICY, {"pwdMinLength": ["14"]})


DRILL = ShortPasswords()
