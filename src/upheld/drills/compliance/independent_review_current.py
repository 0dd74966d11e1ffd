"""Takes a chapter out of what an audit covered, in the database of an office of the lab."""

from upheld.drills.complied import ComplianceDrill, day
from upheld.registers.compliance.audit_models import Chapter


class OneLeftOut(ComplianceDrill):
    """An audit that covered every chapter, three months ago."""

    measure = "compliance/independent_review_current"
    breaks = "The last audit of a chapter is moved to four years ago"

    def keep(self) -> None:
        """Audit all of it."""
        self.audit("all", ended=90, chapters=[str(each) for each in Chapter if each is not Chapter.BACKUP])
        self.audit("backups", ended=60)

    def sabotage(self) -> str:
        """Move the audit of backups back."""
        self.office.sql("UPDATE registers_audit SET ended_on = '2019-01-01' WHERE name = 'backups'")
        return "chapter/backup"

    def heal(self) -> None:
        """Put it back."""
        self.office.sql("UPDATE registers_audit SET ended_on = %s WHERE name = 'backups'", day(60))


DRILL = OneLeftOut()
