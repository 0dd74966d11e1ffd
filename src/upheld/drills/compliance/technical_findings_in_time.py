"""Lets a finding of a scanner stay open beyond its time."""

from upheld.drills.scanned import ScannedDrill


class StaysOpen(ScannedDrill):
    """A system in which a scanner found nothing."""

    measure = "compliance/technical_findings_in_time"
    breaks = "A finding of severity high is still there 40 days after it was found"

    def sabotage(self) -> str:
        """Let it have been found 40 days ago, and be there still."""
        self.report("first.sarif", days_ago=40, found=("outdated-library",))
        self.report("scan.sarif", days_ago=1, found=("outdated-library",))
        return "crm: outdated-library"

    def heal(self) -> None:
        """Mend it, and scan again."""
        self.report("scan.sarif", days_ago=0)


DRILL = StaysOpen()
