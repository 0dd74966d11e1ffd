"""What drills on capacity share: a system whose disk is measured every day, in a real list of readings."""

from contextlib import ExitStack
from datetime import timedelta

from upheld import clock
from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import Listed, system

HEADER = "id,system_id,resource,measured_at,used,available,unit"
DAYS = 20


class FillingDrill(Drill):
    """A database on a disk of 100 GB that fills by a tenth of one each day."""

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        self.listed = Listed(stack, "capacity_readings", HEADER, *self.lines())
        row = {**system("database", "database"), "environment": "production"}
        return Scene([self.listed.source], {"systems": [row], "capacity_orders": []})

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed.write(*self.lines())

    def lines(self, *, a_day: float = 0.1, until: int = 0, size: int = 100) -> list[str]:
        """Return a reading a day up to so many days ago, of which the newest says 50 of `size`, those before `a_day` less each."""
        now = clock.now() - timedelta(hours=1)
        return [
            f"{day},database,disk,{now - timedelta(days=day):%Y-%m-%d %H:%M},{max(50 - day * a_day, 0)},{size},GB"
            for day in range(until, DAYS)
        ]
