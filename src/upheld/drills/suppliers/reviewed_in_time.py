"""Ages the only look at a supplier, in the database of an office of the lab."""

from upheld.drills.kept import ago
from upheld.drills.supplied import SuppliedDrill


class LookedAtLongAgo(SuppliedDrill):
    """A supplier that was looked at when it was taken on, a month ago."""

    measure = "suppliers/reviewed_in_time"
    breaks = "The approval of a supplier, which nobody has looked at since, is three years old"

    def sabotage(self) -> str:
        """Age it behind the product's back."""
        self.office.move("registers_supplierassessment", "approved_at", ago(3 * 366))
        return "Host Ltd"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = LookedAtLongAgo()
