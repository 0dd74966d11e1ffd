"""Makes an auditor the owner of promises in an audit's scope, while the audit runs."""

from upheld.drills.complied import ADA, BOB, ComplianceDrill, day
from upheld.drills.kept import AUTHOR


class OwnsWhatHeAudits(ComplianceDrill):
    """Bob audits backup, for which Ada answers."""

    measure = "compliance/auditor_independent"
    breaks = "An auditor is made the owner of promises in the scope of their audit"

    def keep(self) -> None:
        """Give IT operations to Ada, and let Bob audit it."""
        self.responsibility("it-operations", ADA)
        self.running = self.plan()

    def sabotage(self) -> str:
        """Give Bob a part in IT operations."""
        self.office.act("give-responsibility", 1, person=BOB, part="responsible", from_on=day(30))
        return "Backups"

    def heal(self) -> None:
        """Let somebody else audit."""
        self.act("staff-audit", self.running, lead=AUTHOR)


DRILL = OwnsWhatHeAudits()
