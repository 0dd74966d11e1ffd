"""Lets the day pass by which a finding of an audit was to be mended, in the database of an office of the lab."""

from upheld.drills.complied import ADA, BOB, ComplianceDrill, day


class PastItsDay(ComplianceDrill):
    """A finding that Ada has weeks to mend."""

    measure = "compliance/findings_closed_in_time"
    breaks = "The day by which a finding of an audit was to be mended passes"

    def keep(self) -> None:
        """Let Bob find something."""
        audit = self.plan()
        self.finding = self.act("raise-finding", audit, by=BOB, grade="major", what="no restore was tried", person=ADA, due_on=day(-30))

    def sabotage(self) -> str:
        """Let it have been due yesterday."""
        self.office.sql("UPDATE registers_auditfinding SET due_on = %s", day(1))
        return "Backups, major 1"

    def heal(self) -> None:
        """Put the day back, mend it, and let Bob see that it works."""
        self.office.sql("UPDATE registers_auditfinding SET due_on = %s", day(-30))
        self.act("answer-finding", self.finding, by=ADA, cause="nobody had time", correction="a restore each month")
        self.act("correct-finding", self.finding, by=ADA)
        self.act("check-effect", self.finding, by=BOB, works="yes", effect="saw two restores")


DRILL = PastItsDay()
