"""Means the policy on disposal for suppliers, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class NotForCustomers(Moved):
    """A published policy on disposal that is meant for customers."""

    measure = "privacy/disposal_policy_public"
    breaks = "The policy on disposal is no longer meant for customers"
    named = "disposal"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_policy", "outsiders", '["supplier"]', "name = 'disposal'")


DRILL = NotForCustomers()
