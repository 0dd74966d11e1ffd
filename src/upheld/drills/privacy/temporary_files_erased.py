"""Leaves an old file in a temporary place."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class OldFile(OneMoreLine):
    """A temporary place with files of yesterday."""

    measure = "privacy/temporary_files_erased"
    breaks = "A file of last week lies in a temporary place that keeps for two days"
    named = "Exports"
    table = "temporary_sweeps"

    @property
    def line(self) -> str:
        """The line."""
        return f"s2,exports,{ago(0):%Y-%m-%d %H:%M:%S},1,{ago(7):%Y-%m-%d %H:%M},0"


DRILL = OldFile()
