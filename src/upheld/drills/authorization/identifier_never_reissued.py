"""Gives a leaver's log-on name to somebody else in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import CARL, DIRECTORY, PASSWORD, directory, people, person, system
from upheld.lab.slapd import Slapd


class NameGivenAgain(Drill):
    """Ada's and Bob's directory, whose history remembers every name."""

    measure = "authorization/identifier_never_reissued"
    breaks = "Ada's account is deleted, and her log-on name is given to Carl"
    lasting = True

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        return Scene([source], {"people": people(person(CARL, "Carl")), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Delete Ada's account, and make one of that name for Carl."""
        ours(self.slapd)
        self.slapd.remove(self.slapd.dn("ada"))
        self.slapd.add_person("ada", number=CARL, password=PASSWORD)
        return "ada"

    def heal(self) -> None:
        """Give Carl a name of his own. What happened stays in the history."""
        ours(self.slapd)
        self.slapd.remove(self.slapd.dn("ada"))
        self.slapd.add_person("carl", number=CARL, password=PASSWORD)


DRILL = NameGivenAgain()
