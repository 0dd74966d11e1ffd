"""Makes an account in a real directory that belongs to nobody."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, PASSWORD, directory, people, system
from upheld.lab.slapd import Slapd


class NobodysAccount(Drill):
    """Ada's and Bob's directory, where every account has an owner."""

    measure = "authorization/account_owned"
    breaks = "An account appears that belongs to nobody"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Make the account."""
        ours(self.slapd)
        self.slapd.add_person("ghost", password=PASSWORD)
        return "ghost"

    def heal(self) -> None:
        """Delete it."""
        ours(self.slapd)
        self.slapd.remove(self.slapd.dn("ghost"))


DRILL = NobodysAccount()
