"""Lets a change of a supplier take effect that nobody assessed, in the database of an office of the lab."""

from datetime import timedelta

from upheld import clock
from upheld.drills.kept import ago
from upheld.drills.supplied import SuppliedDrill


class HeldBefore(SuppliedDrill):
    """A change that was assessed and decided in good time, and one for which there is time."""

    measure = "suppliers/change_reassessed"
    breaks = "A change of a supplier takes effect with nobody having assessed it"

    def keep(self) -> None:
        """Note one more, of which there are weeks left."""
        super().keep()
        self.act("note-change", self.host, what="Another owner", takes_effect_at=(clock.now() + timedelta(days=40)).isoformat())

    def sabotage(self) -> str:
        """Let it have taken effect yesterday."""
        self.office.move("registers_servicechange", "takes_effect_at", ago(1), "what = 'Another owner'")
        return "Host Ltd: Another owner"

    def heal(self) -> None:
        """Put it off again."""
        self.office.put_back()


DRILL = HeldBefore()
