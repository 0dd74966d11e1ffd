"""Ages all that somebody learned about reporting, in the database of an office of the lab."""

from upheld.drills.kept import BOB
from upheld.drills.trained import TrainedDrill


class Forgot(TrainedDrill):
    """An office where everybody learned to report."""

    measure = "people/reporting_duty_trained"
    breaks = "All that Bob learned about reporting is moved to more than a year ago"

    def sabotage(self) -> str:
        """Age it."""
        self.age(f"person = '{BOB}'")
        return "Bob"


DRILL = Forgot()
