"""What drills on compliance share: actions of the chapter by their short names, and audits that were done."""

from datetime import timedelta
from typing import Any

from upheld.drills.kept import ADA, BOB, KeptDrill
from upheld.drills.staging import today


def day(ago: int) -> str:
    """Return the day so many days ago."""
    return str(today() - timedelta(days=ago))


class ComplianceDrill(KeptDrill):
    """A drill on registers of this chapter."""

    def act(self, action: str, number: int | None = None, **given: Any) -> int:
        """Do an action of this chapter; return the number of what came of it."""
        return self.office.act(f"compliance.{action}", number, **given)

    def body(self) -> int:
        """Add an accredited body that is independent of us."""
        body = self.act("add-body", name="tuev", title="TÜV", accreditor="DAkkS", accreditation="D-1", accredited_until_on=day(-1000))
        return self.act("check-independence", body, on=day(1200))

    def audit(self, name: str, *, ended: int, **more: Any) -> int:
        """Record an audit that ended so many days ago, and looked back on the year before."""
        said: dict[str, Any] = {
            "kind": "internal",
            "chapters": ["backup"],
            "auditors": [BOB],
            "criteria": "ISO/IEC 27001",
            "conclusion": "good",
        }
        period = {"period_from_on": day(ended + 365), "period_until_on": day(ended), "ended_on": day(ended)}
        return self.act("record-audit", name=name, title=name, **{**said, **period, **more})

    def plan(self) -> int:
        """Plan an audit of backup by Bob, which looks back on the last year, and start it."""
        period: dict[str, Any] = {
            "period_from_on": day(365),
            "period_until_on": day(0),
            "planned_from_on": day(0),
            "planned_until_on": day(-14),
        }
        said: dict[str, Any] = {
            "name": "backups",
            "title": "Backups",
            "kind": "internal",
            "criteria": "our policy",
            "chapters": ["backup"],
            "lead": BOB,
        }
        return self.act("start-audit", self.act("plan-audit", **said, **period))


__all__ = ["ADA", "BOB", "ComplianceDrill", "day"]
