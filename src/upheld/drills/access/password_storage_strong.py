"""Stores a password as an unsalted MD5 digest in a real directory."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DIRECTORY, PASSWORD, directory, people, system
from upheld.lab.slapd import ADMIN, READER, Slapd

RULES = (f'access to * by dn.exact="{ADMIN}" manage by dn.exact="{READER}" read by anonymous auth by * none',)


class WeakScheme(Drill):
    """Ada's and Bob's directory, read by an account that may see how passwords are stored."""

    measure = "access/password_storage_strong"
    breaks = "Ada's password is stored as an unsalted MD5 digest"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd(rules=RULES))
        return Scene([source], {"people": people(), "systems": [system(DIRECTORY, "directory")]})

    def sabotage(self) -> str:
        """Store the digest."""
        ours(self.slapd)
        # What an import from an old system brings: the digest of "correct-horse-7-battery", without salt.
        self.slapd.put(self.slapd.dn("ada"), {"userPassword": ["{MD5}WhdwsBLbXnFL05UncJJ42Q=="]})
        return "ada"

    def heal(self) -> None:
        """Set the password anew, so that the server stores it."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"userPassword": [PASSWORD]})


DRILL = WeakScheme()
