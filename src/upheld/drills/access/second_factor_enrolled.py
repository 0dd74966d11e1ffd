"""Signs somebody in without a second factor, in a real log of sign-ins."""

import time
from contextlib import ExitStack

from upheld import clock
from upheld.drills.access.mfa_required import TOKEN
from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import DIRECTORY, Listed, directory, system
from upheld.lab.slapd import BASE, Slapd

HEADER = "id,system_id,identifier,at,succeeded,used_mfa"


class SignedInWithout(Drill):
    """Ada's and Bob's directory, where signing in demands a second factor, and a log of who signed in with one."""

    measure = "access/second_factor_enrolled"
    breaks = "Bob signs in without his second factor"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory, and write the log."""
        self.slapd, source = directory(stack, Slapd(), base=f"ou=people,{BASE}")
        for uid in ("ada", "bob"):
            self.slapd.put(self.slapd.dn(uid), {"objectClass": ["inetOrgPerson", "oathTOTPUser"], "oathTOTPToken": [TOKEN]})
        time.sleep(1)  # the log tells seconds, and the directory that both signed in when it started
        self.listed = Listed(stack, "sign_ins", HEADER)
        self.lines: list[str] = []
        for each in ("ada", "bob"):
            self._log(each, "yes")
        return Scene([source, self.listed.source], {"systems": [system(DIRECTORY, "directory", mfa_required=True)]})

    def sabotage(self) -> str:
        """Write it into the log."""
        self._log("bob", "no")
        return "bob"

    def heal(self) -> None:
        """Write that he signed in again, with it."""
        self._log("bob", "yes")

    def _log(self, identifier: str, used: str) -> None:
        if self.lines:
            time.sleep(1)  # the later of two lines is what counts, and the log tells seconds
        self.lines.append(f"{len(self.lines)},{DIRECTORY},{identifier},{clock.now():%Y-%m-%d %H:%M:%S},yes,{used}")
        self.listed.write(*self.lines)


DRILL = SignedInWithout()
