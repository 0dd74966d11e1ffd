"""Gives a role of the programme a second accountable holder, in an office of the lab."""

from datetime import timedelta

from upheld.drills.kept import ADA, BOB, LONG_AGO, KeptDrill
from upheld.drills.staging import today


class TwoAccountable(KeptDrill):
    """A role with one accountable holder."""

    measure = "governance/programme_roles_held"
    breaks = "A role of the programme is given to a second accountable person"

    def keep(self) -> None:
        """Give the role to one."""
        self.responsibility("risk", ADA)

    def sabotage(self) -> str:
        """Give it to another too."""
        self.second = self.office.act("give-responsibility", 1, person=BOB, part="accountable", from_on=LONG_AGO)
        return "risk"

    def heal(self) -> None:
        """End that."""
        self.office.act("end-holding", self.second, until_on=str(today() - timedelta(days=1)))


DRILL = TwoAccountable()
