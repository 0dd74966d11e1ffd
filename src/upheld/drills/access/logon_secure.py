"""Lets anybody into a real database without a password."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DATABASE, database, system
from upheld.lab.postgres import HBA


class OpenDoor(Drill):
    """A database whose every door asks for a password."""

    measure = "access/logon_secure"
    breaks = "pg_hba.conf lets everybody in without a password"

    def open(self, stack: ExitStack) -> Scene:
        """Start the database."""
        self.postgres, source = database(stack)
        return Scene([source], {"systems": [system(DATABASE, "database")]})

    def sabotage(self) -> str:
        """Put a line that trusts everybody before the others."""
        ours(self.postgres)
        self.postgres.set_hba("host all all 127.0.0.1/32 trust", *HBA)
        return "hba line 1"

    def heal(self) -> None:
        """Take the line out."""
        ours(self.postgres)
        self.postgres.set_hba(*HBA)


DRILL = OpenDoor()
