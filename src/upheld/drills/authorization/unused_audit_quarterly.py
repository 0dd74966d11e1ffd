"""Ages the only audit of unused credentials, in the database of an office of the lab."""

from upheld.drills.granted import GrantedDrill
from upheld.drills.kept import ago


class AuditAged(GrantedDrill):
    """The directory in which unused accounts were looked for."""

    measure = "authorization/unused_audit_quarterly"
    breaks = "The only audit of unused credentials is moved to 120 days ago"

    def sabotage(self) -> str:
        """Move it."""
        self.office.move("registers_accessreview", "finished_at", ago(120), "kind = 'unused'")
        return "Audit"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = AuditAged()
