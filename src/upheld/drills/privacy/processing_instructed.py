"""Logs a processing for a purpose that nobody instructed."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class NobodyAskedFor(OneMoreLine):
    """A processing that Acme instructed."""

    measure = "privacy/processing_instructed"
    breaks = "A customer's data are processed for a purpose that nobody instructed"
    named = "e2"
    table = "processing_events"

    @property
    def line(self) -> str:
        """The line."""
        return f"e2,crm,acme,selling,contacts,{ago(1):%Y-%m-%d %H:%M}"


DRILL = NobodyAskedFor()
