"""Takes the owner's acceptance of a release away, in the database of an office of the lab."""

from upheld.drills.changed import ChangeDrill


class NotAccepted(ChangeDrill):
    """A release that its owner accepted before it went live."""

    measure = "change/release_accepted"
    breaks = "A release is in operation that its business owner did not accept"

    def sabotage(self) -> str:
        """Let nobody have accepted it."""
        self.office.move("registers_acceptance", "accepted_at", None)
        return "shop/v2.0 on SHOP"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = NotAccepted()
