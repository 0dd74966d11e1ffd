"""Takes the one-time-password token from an account of a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, directory, system
from upheld.lab.slapd import BASE, Slapd

TOKEN = f"cn=token,{BASE}"


class FactorTaken(Drill):
    """Ada's and Bob's directory, where signing in demands a second factor, which the overlay otp asks for."""

    measure = "access/mfa_required"
    breaks = "Ada's account loses its one-time-password token"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd(), base=f"ou=people,{BASE}")
        for uid in ("ada", "bob"):
            self._enrol(uid)
        return Scene([source], {"systems": [system(DIRECTORY, "directory", mfa_required=True)]})

    def _enrol(self, uid: str) -> None:
        self.slapd.put(self.slapd.dn(uid), {"objectClass": ["inetOrgPerson", "oathTOTPUser"], "oathTOTPToken": [TOKEN]})

    def sabotage(self) -> str:
        """Take the token."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"objectClass": ["inetOrgPerson"], "oathTOTPToken": []})
        return "ada"

    def heal(self) -> None:
        """Give it back."""
        ours(self.slapd)
        self._enrol("ada")


DRILL = FactorTaken()
