"""Exports data to a third party without a record of it."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class Unrecorded(OneMoreLine):
    """An export that was recorded."""

    measure = "privacy/disclosure_recorded"
    breaks = "Data are exported to a third party, and nobody records it"
    named = "x2"
    table = "export_events"

    @property
    def line(self) -> str:
        """The line."""
        return f"x2,crm,A bank,{ago(1):%Y-%m-%d %H:%M}"


DRILL = Unrecorded()
