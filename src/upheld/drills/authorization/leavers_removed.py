"""Switches a leaver's account in a real directory on again."""

from contextlib import ExitStack
from datetime import timedelta

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import CARL, DIRECTORY, PASSWORD, directory, people, person, system, today
from upheld.lab.slapd import Slapd

FOR_GOOD = "000001010000Z"  # locked until an administrator unlocks it (draft-behera-ldap-password-policy 5.3.3)


class LeaverBack(Drill):
    """Ada's and Bob's directory, and the locked account of Carl, who left."""

    measure = "authorization/leavers_removed"
    breaks = "The account of Carl, who left a month ago, is switched on again"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_person("carl", number=CARL, password=PASSWORD)
        self.slapd.put(self.slapd.dn("carl"), {"pwdAccountLockedTime": [FOR_GOOD]})
        left = person(CARL, "Carl", ended_on=today() - timedelta(days=30))
        return Scene([source], {"people": people(left), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Unlock the account."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("carl"), {"pwdAccountLockedTime": []})
        return "carl"

    def heal(self) -> None:
        """Lock it for good."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("carl"), {"pwdAccountLockedTime": [FOR_GOOD]})


DRILL = LeaverBack()
