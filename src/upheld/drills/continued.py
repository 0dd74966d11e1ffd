"""What drills on continuity share: an office whose only critical process is analysed, planned for and exercised."""

from typing import Any

from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago


class ContinuedDrill(KeptDrill):
    """Selling, which needs the CRM. The administrator keeps it, Ada approves, Bob leads when it is disrupted."""

    def keep(self) -> None:
        """Analyse it, write and publish a plan, and try that."""
        said: dict[str, Any] = {
            "title": "CRM",
            "kind": "database",
            "environment": "production",
            "criticality": "high",
            "purpose": "selling",
        }
        self.crm = self.office.act("operations.enter-system", name="crm", owner=AUTHOR, recovery_time="4 hours", **said)
        self.lead = self.responsibility("crisis-lead", BOB)
        self.policy(kind="plan", audience="nobody")
        self.selling = self.act("enter-process", name="selling", title="Selling", what="orders", criticality="critical", owner=AUTHOR)
        targets = {"impact": "none sold", "recovery_time": "8 hours", "security_kept": "all of it", "systems": ["crm"]}
        self.act("approve-analysis", self.act("analyse-impact", self.selling, **targets), by=ADA)
        plan = self.act("adopt-plan", self.selling, document="access", roles=["crisis-lead"], owner=AUTHOR)
        told = {"kind": "full", "scenario": "the hall burns", "planned_on": f"{ago(20):%Y-%m-%d}", "lead": BOB, "participants": [BOB]}
        exercise = self.act("plan-exercise", plan, at=ago(30), **told)
        held = {"participants": [BOB], "result": "it was back", "lessons": "none", "recovered_in": "6 hours"}
        self.act("hold-exercise", exercise, at=ago(20), **held)

    def act(self, action: str, number: int | None = None, **given: Any) -> int:
        """Do an action of this chapter; return the number of what came of it."""
        return self.office.act(f"continuity.{action}", number, **given)
