"""Backdates the first use of a sub-processor, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved
from upheld.drills.kept import ago


class Backdated(Moved):
    """A host that was used long after both customers knew."""

    measure = "privacy/subprocessor_disclosed_first"
    breaks = "The first use of a sub-processor is moved to before its notices"
    named = "Host Ltd for Acme"

    def tamper(self) -> None:
        """Let it have been used three months ago."""
        self.office.move("registers_subprocessor", "started_on", f"{ago(95):%Y-%m-%d}")


DRILL = Backdated()
