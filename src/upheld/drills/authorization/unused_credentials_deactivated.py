"""Lets an account of a real directory go unused for four months."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import CARL, DIRECTORY, PASSWORD, days_ago, directory, people, person, system
from upheld.lab.slapd import BASE, Slapd

CARLS = """
dn: uid=carl,ou=people,{base}
objectClass: inetOrgPerson
cn: carl
sn: carl
uid: carl
employeeNumber: {number}
userPassword: {password}
createTimestamp: {made}
pwdLastSuccess: {used}
"""


class ForgottenAccount(Drill):
    """A directory, which writes down when somebody signed in, with Carl's account of half a year ago."""

    measure = "authorization/unused_credentials_deactivated"
    breaks = "Carl's account was last used 120 days ago"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        carl = CARLS.format(base=BASE, number=CARL, password=PASSWORD, made=days_ago(180), used=days_ago(1))
        self.slapd, source = directory(stack, Slapd(ldif=carl))
        return Scene([source], {"people": people(person(CARL, "Carl")), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Write the last sign-in of 120 days ago, with the server down, since no client may."""
        ours(self.slapd)
        self.slapd.put_offline(self.slapd.dn("carl"), {"pwdLastSuccess": days_ago(120)})
        return "carl"

    def heal(self) -> None:
        """Let Carl sign in."""
        ours(self.slapd)
        self.slapd.sign_in(self.slapd.dn("carl"), PASSWORD)


DRILL = ForgottenAccount()
