"""Adds somebody to a group of a real directory by hand, past role and request."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, access_model, directory, group, people, system
from upheld.lab.slapd import Slapd

MODEL = """
[roles.accountant.entitlements]
directory = "finance"
"""


class AddedByHand(Drill):
    """Ada's and Bob's directory, where accountants are in the group finance."""

    measure = "access/entitlement_explained"
    breaks = "Bob is put into the group finance by hand"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_group("finance", [self.slapd.dn("ada")])
        return Scene([source, access_model(stack, MODEL)], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Add Bob."""
        ours(self.slapd)
        self.slapd.put(group("finance"), {"member": [self.slapd.dn("ada"), self.slapd.dn("bob")]})
        return "bob"

    def heal(self) -> None:
        """Take Bob out."""
        ours(self.slapd)
        self.slapd.put(group("finance"), {"member": [self.slapd.dn("ada")]})


DRILL = AddedByHand()
