"""Lets data lie in a data set for longer than was declared."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class Past(OneMoreLine):
    """Data sets whose oldest data are a year old, and may be two."""

    measure = "privacy/retention_kept"
    breaks = "The oldest data of a data set are three years old, and may be two"
    named = "Archive"
    table = "data_set_ages"

    @property
    def line(self) -> str:
        """The line."""
        return f"z,archive,{ago(0):%Y-%m-%d %H:%M:%S},9,{ago(1_100):%Y-%m-%d %H:%M}"


DRILL = Past()
