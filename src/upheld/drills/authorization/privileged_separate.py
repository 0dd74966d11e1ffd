"""Gives administrative rights to an account of daily work in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import ADA, DIRECTORY, PASSWORD, directory, group, people, system
from upheld.lab.slapd import Slapd


class DailyAdministrator(Drill):
    """Ada's and Bob's directory, where administrators have second accounts."""

    measure = "authorization/privileged_separate"
    breaks = "Bob's daily account is put into the group admins"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd(), admin_pattern="^adm")
        self.slapd.add_person("adm-ada", number=ADA, password=PASSWORD)
        self.slapd.add_group("admins", [self.slapd.dn("adm-ada")])
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Add Bob."""
        ours(self.slapd)
        self.slapd.put(group("admins"), {"member": [self.slapd.dn("adm-ada"), self.slapd.dn("bob")]})
        return "bob"

    def heal(self) -> None:
        """Take Bob out."""
        ours(self.slapd)
        self.slapd.put(group("admins"), {"member": [self.slapd.dn("adm-ada")]})


DRILL = DailyAdministrator()
