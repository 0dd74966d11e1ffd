"""Imports an old scan in place of the newest one."""

from upheld.drills.scanned import ScannedDrill


class OldScan(ScannedDrill):
    """A system that was scanned yesterday."""

    measure = "compliance/system_reviewed"
    breaks = "The report of an old scan is read instead of a new one"

    def sabotage(self) -> str:
        """Put a report of last year there."""
        self.report("scan.sarif", days_ago=400)
        return "CRM"

    def heal(self) -> None:
        """Scan again."""
        self.report("scan.sarif", days_ago=0)


DRILL = OldScan()
