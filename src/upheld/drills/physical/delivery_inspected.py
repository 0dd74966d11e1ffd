"""Leaves a delivery unopened for a week, in an office of the lab."""

from upheld.drills.facility import FacilityDrill
from upheld.drills.kept import ago


class NeverOpened(FacilityDrill):
    """A delivery that somebody looked into."""

    measure = "physical/delivery_inspected"
    breaks = "A delivery of a week ago is registered, and nobody looks into it"

    def sabotage(self) -> str:
        """Register it."""
        self.parcel = self.act("register-delivery", self.dock, at=ago(7), carrier="A carrier", what="a parcel")
        return "a parcel"

    def heal(self) -> None:
        """Look into it."""
        self.act("inspect-delivery", self.parcel, in_order="yes")


DRILL = NeverOpened()
