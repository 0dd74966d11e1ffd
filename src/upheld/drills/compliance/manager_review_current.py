"""Ages a manager's review, in the database of an office of the lab."""

from upheld.drills.complied import ADA, BOB, ComplianceDrill, day
from upheld.drills.kept import ago


class Skipped(ComplianceDrill):
    """Two managers, each of whom reviewed their area lately."""

    measure = "compliance/manager_review_current"
    breaks = "A manager skips a quarter"

    def keep(self) -> None:
        """Let both sign."""
        for number, (name, manager) in enumerate((("it", ADA), ("sales", BOB)), 1):
            self.act("name-area", name=name, title=name.upper(), manager=manager, chapters=["backup"], from_on=day(1000))
            self.act("sign-review", number, by=manager, complies="yes", conclusion="all is well", at=ago(10))

    def sabotage(self) -> str:
        """Move the one's review back by a quarter and more."""
        self.office.move("registers_areareview", "signed_at", ago(120), "area_id = 1")
        return "IT"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = Skipped()
