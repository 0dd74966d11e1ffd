"""Grants access to personal data in a real directory first, and authorises it later, in the database of an office of the lab."""

from contextlib import ExitStack
from datetime import timedelta

from upheld import clock
from upheld.drills.drill import Scene, ours
from upheld.drills.kept import ADA, BOB, KeptDrill, ago
from upheld.drills.staging import DIRECTORY, directory, system
from upheld.lab.slapd import Slapd


class AuthorisedLater(KeptDrill):
    """A directory in which Ada and Bob reach the customers, and an office that authorised them before they had accounts."""

    measure = "people/data_access_authorised"
    breaks = "Bob's authorisation is moved to after he was given access"

    def open(self, stack: ExitStack) -> Scene:
        """Authorise them, then start the directory."""
        scene = super().open(stack)
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_group("customers", [self.slapd.dn("ada"), self.slapd.dn("bob")])
        scene.sources.append(source)
        scene.registers["systems"] = [{**system(DIRECTORY, "directory"), "holds_personal_data": True}]
        return scene

    def keep(self) -> None:
        """Authorise Ada and Bob."""
        for who in (ADA, BOB):
            self.office.act(
                "people.authorise", at=ago(1), person=who, system=DIRECTORY, categories="customers", purpose="answers their questions"
            )

    def sabotage(self) -> str:
        """Move Bob's to now."""
        ours(self.slapd)
        self.office.move("registers_authorisation", "given_at", clock.now() + timedelta(seconds=1), f"person = '{BOB}'")
        return "bob"

    def heal(self) -> None:
        """Move it back."""
        ours(self.slapd)
        self.office.put_back()


DRILL = AuthorisedLater()
