"""Moves last year's audit into the year before, in the database of an office of the lab."""

from upheld.drills.complied import ComplianceDrill, day


class YearWithout(ComplianceDrill):
    """An external audit in each of four years."""

    measure = "compliance/external_audit_yearly"
    breaks = "Last year's external audit is moved into the year before"

    def keep(self) -> None:
        """Let the body audit every year."""
        body = self.body()
        for ended in (1200, 850, 500, 150):
            self.audit(f"audit-{ended}", ended=ended, kind="surveillance", body=body, auditors=[])

    def sabotage(self) -> str:
        """Leave last year without."""
        self.office.sql("UPDATE registers_audit SET ended_on = %s WHERE name = 'audit-500'", day(800))
        return "After audit-500"

    def heal(self) -> None:
        """Put it back."""
        self.office.sql("UPDATE registers_audit SET ended_on = %s WHERE name = 'audit-500'", day(500))


DRILL = YearWithout()
