"""Ages somebody's completion of a mandatory course, in the database of an office of the lab."""

from upheld.drills.kept import BOB
from upheld.drills.trained import TrainedDrill


class Aged(TrainedDrill):
    """An office where everybody was trained."""

    measure = "people/training_current"
    breaks = "Bob's completion of a mandatory course is moved to more than a year ago"

    def sabotage(self) -> str:
        """Age it."""
        self.age(f"person = '{BOB}' AND course_id = 1")
        return "Bob, basics"


DRILL = Aged()
