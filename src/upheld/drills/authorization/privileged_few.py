"""Makes administrators of more people than agreed in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import ADA, DIRECTORY, PASSWORD, directory, group, people, system
from upheld.lab.slapd import Slapd


class ManyAdministrators(Drill):
    """Ada's and Bob's directory, with one administrator of the server and one in the group admins."""

    measure = "authorization/privileged_few"
    breaks = "Ada and Bob are made administrators besides the one there is"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_person("adm-ada", number=ADA, password=PASSWORD)
        self.slapd.add_group("admins", [self.slapd.dn("adm-ada")])
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Add both to the group."""
        ours(self.slapd)
        members = [self.slapd.dn(uid) for uid in ("adm-ada", "ada", "bob")]
        self.slapd.put(group("admins"), {"member": members})
        return DIRECTORY

    def heal(self) -> None:
        """Leave one in it."""
        ours(self.slapd)
        self.slapd.put(group("admins"), {"member": [self.slapd.dn("adm-ada")]})


DRILL = ManyAdministrators()
