"""Moves a scan of a live system out of its window, in the database of an office of the lab."""

from datetime import timedelta
from typing import Any

from upheld import clock
from upheld.drills.complied import ADA, BOB, ComplianceDrill
from upheld.drills.kept import ago


class AtTheWrongHour(ComplianceDrill):
    """A scan within the window that Ada agreed to."""

    measure = "operations/audit_agreed"
    breaks = "A scan of a live system begins before its agreed window"

    def keep(self) -> None:
        """Agree, and scan."""
        said: dict[str, Any] = {"system": "crm", "what": "a scan", "by": BOB}
        self.from_at = clock.now() - timedelta(hours=30)
        until = self.from_at + timedelta(hours=4)
        window = self.act("ask-window", at=ago(3), from_at=self.from_at.isoformat(), until_at=until.isoformat(), **said)
        self.act("agree-window", window, at=ago(2), by=ADA)
        at, until = self.from_at + timedelta(hours=1), self.from_at + timedelta(hours=2)
        self.act("record-activity", from_at=at.isoformat(), until_at=until.isoformat(), read_only="yes", **said)

    def sabotage(self) -> str:
        """Let it have begun the day before."""
        self.office.move("registers_auditactivity", "from_at", self.from_at - timedelta(days=1))
        return "registers/1"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = AtTheWrongHour()
