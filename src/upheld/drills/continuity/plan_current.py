"""Leaves the role that carries out a plan to nobody, in an office of the lab."""

from datetime import timedelta

from upheld.drills.continued import ContinuedDrill
from upheld.drills.kept import BOB
from upheld.drills.staging import today


class NobodyLeads(ContinuedDrill):
    """A plan that Bob carries out."""

    measure = "continuity/plan_current"
    breaks = "The only holder of the role that carries out a continuity plan gives it up"

    def sabotage(self) -> str:
        """Take the role from Bob."""
        self.office.act("end-holding", self.lead, until_on=str(today() - timedelta(days=1)))
        return "Selling"

    def heal(self) -> None:
        """Give it to him again."""
        said = {"person": BOB, "part": "accountable", "from_on": str(today())}
        self.office.act("give-responsibility", 1, **said)  # type: ignore[arg-type]


DRILL = NobodyLeads()
