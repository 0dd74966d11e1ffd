"""Puts one person into two groups of a real directory that a rule keeps apart."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, access_model, directory, group, people, system
from upheld.lab.slapd import Slapd

MODEL = """
[[conflicts]]
id = "payments"
why = "one person could make and release a payment"
left = { system = "directory", entitlement = "payments-make" }
right = { system = "directory", entitlement = "payments-release" }
"""


class BothHalves(Drill):
    """Ada's and Bob's directory, where one makes payments and another releases them."""

    measure = "governance/duties_separated"
    breaks = "Ada, who makes payments, is put into the group that releases them"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_group("payments-make", [self.slapd.dn("ada")])
        self.slapd.add_group("payments-release", [self.slapd.dn("bob")])
        return Scene([source, access_model(stack, MODEL)], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Add Ada."""
        ours(self.slapd)
        self.slapd.put(group("payments-release"), {"member": [self.slapd.dn("bob"), self.slapd.dn("ada")]})
        return "Ada"

    def heal(self) -> None:
        """Take Ada out."""
        ours(self.slapd)
        self.slapd.put(group("payments-release"), {"member": [self.slapd.dn("bob")]})


DRILL = BothHalves()
