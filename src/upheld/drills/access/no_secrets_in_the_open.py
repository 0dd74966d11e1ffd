"""Commits a private key to a scanned repository, in a scanner's real list of findings."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.kept import ago
from upheld.drills.staging import Listed

SCANS = "id,system_id,place,files,unread,scanned_at"
FOUND = "id,scan_id,system_id,file,line,kind,fingerprint,accepted"


class KeyCommitted(Drill):
    """A repository that was looked through yesterday, with one false alarm that somebody looked at."""

    measure = "access/no_secrets_in_the_open"
    breaks = "A private key is committed to the repository"

    def open(self, stack: ExitStack) -> Scene:
        """Write both lists."""
        scanned = Listed(stack, "secret_scans", SCANS, f"app,git,app.git,120,0,{ago(1):%Y-%m-%d %H:%M}")
        self.listed = Listed(stack, "exposed_secrets", FOUND, _line(1, "an example", "yes"))
        return Scene([scanned.source, self.listed.source])

    def sabotage(self) -> str:
        """Let the scanner find it."""
        self.listed.write(_line(1, "an example", "yes"), _line(2, "Private Key", "no"))
        return "app.git"

    def heal(self) -> None:
        """Let the key be worth nothing any more."""
        self.listed.write(_line(1, "an example", "yes"), _line(2, "Private Key", "yes"))


def _line(number: int, kind: str, accepted: str) -> str:
    return f"{number},app,git,deploy.sh,{number},{kind},ab{number},{accepted}"


DRILL = KeyCommitted()
