"""Ages the last training by an outside provider, in the database of an office of the lab."""

from upheld.drills.trained import TrainedDrill


class NoOutsiders(TrainedDrill):
    """An office where training was held in-house and by an outside provider."""

    measure = "people/training_both_kinds"
    breaks = "The last training by an outside provider is moved to more than a year ago"

    def sabotage(self) -> str:
        """Age it."""
        self.age("course_id = 2")
        return "Training by an outside provider"


DRILL = NoOutsiders()
