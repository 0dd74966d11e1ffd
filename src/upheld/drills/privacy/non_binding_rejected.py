"""Takes the customer's yes away from a disclosure, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class WithoutAYes(Moved):
    """A demand that binds nobody, to which the customer agreed."""

    measure = "privacy/non_binding_rejected"
    breaks = "Data were disclosed on a demand that binds nobody, without the customer's yes"
    named = "An office"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_legalrequest", "authorised_at", None, f"id = {self.office_demand}")


DRILL = WithoutAYes()
