"""Lets the report about a provider of a data centre run out, in the database of an office of the lab."""

from datetime import timedelta

from upheld.drills.staging import today
from upheld.drills.supplied import SuppliedDrill


class ReportRanOut(SuppliedDrill):
    """A report about the hall, which somebody read."""

    measure = "physical/provider_assurance_current"
    breaks = "The report about the provider of a data centre runs out"

    def sabotage(self) -> str:
        """Let it have been good until yesterday."""
        self._until(-1)
        return "Host Ltd"

    def heal(self) -> None:
        """Let it be good for as long as it was."""
        self._until(300)

    def _until(self, days: int) -> None:
        self.office.sql("UPDATE registers_assurance SET until_on = %s", str(today() + timedelta(days=days)))


DRILL = ReportRanOut()
