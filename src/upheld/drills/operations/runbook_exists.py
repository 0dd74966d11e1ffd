"""Ages the only check of a runbook, in the database of an office of the lab."""

from typing import Any

from upheld.drills.kept import AUTHOR, KeptDrill, ago


class Aged(KeptDrill):
    """A system with a runbook that was done lately."""

    measure = "operations/runbook_exists"
    breaks = "Nobody has done or read a system's runbook for two years"

    def keep(self) -> None:
        """Enter a system, and write down how it is restarted."""
        said: dict[str, Any] = {
            "title": "CRM",
            "kind": "database",
            "environment": "production",
            "criticality": "high",
            "purpose": "selling",
        }
        crm = self.office.act("operations.enter-system", name="crm", owner=AUTHOR, **said)
        book = self.office.act("operations.add-runbook", crm, title="Restart", owner=AUTHOR, place="the wiki")
        self.office.act("operations.check-runbook", book, how="exercised", good="yes")

    def sabotage(self) -> str:
        """Age it."""
        self.office.move("registers_runbook", "looked_at", ago(2 * 366))
        return "CRM"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = Aged()
