"""Reports that a password of a real directory came out, and does nothing."""

from contextlib import ExitStack

from upheld.drills.drill import Scene, ours
from upheld.drills.kept import AUTHOR, KeptDrill, ago
from upheld.drills.staging import DIRECTORY, PASSWORD, directory
from upheld.lab.slapd import Slapd


class NothingDone(KeptDrill):
    """A directory, and an office in which a disclosure of Bob's password was reported before he changed it."""

    measure = "access/disclosed_password_reset"
    breaks = "Ada's password was reported as disclosed three days ago, and is the same"

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory."""
        self.slapd, source = directory(stack, Slapd())
        scene = super().open(stack)
        return Scene([*scene.sources, source], scene.registers)

    def keep(self) -> None:
        """Report Bob's."""
        kept = {"kind": "directory", "environment": "test", "criticality": "high", "owner": AUTHOR, "purpose": "who may what"}
        self.office.act("operations.enter-system", name=DIRECTORY, title=DIRECTORY, **kept)  # type: ignore[arg-type]
        self._report("bob")

    def _report(self, account: str) -> int:
        return self.office.act("access.report-disclosure", at=ago(3), system=DIRECTORY, account=account, how="pasted into a chat")

    def sabotage(self) -> str:
        """Report Ada's, as if her password were older than the report."""
        ours(self.slapd)
        self._report("ada")
        self.slapd.put(self.slapd.dn("ada"), {"pwdChangedTime": [f"{ago(30):%Y%m%d%H%M%SZ}"]}, operational=True)
        return "ada"

    def heal(self) -> None:
        """Change it."""
        ours(self.slapd)
        self.slapd.put(self.slapd.dn("ada"), {"userPassword": [f"{PASSWORD}-2"]})


DRILL = NothingDone()
