"""Changes the digest of what arrived, in the database of an office of the lab."""

from upheld.drills.entrusted import Moved


class SomethingElse(Moved):
    """An export that arrived as it was sent."""

    measure = "privacy/transmission_arrived"
    breaks = "Something else arrived than was sent"
    named = "Acme"

    def tamper(self) -> None:
        """Change it."""
        self.office.move("registers_transmission", "received_digest", "b" * 64)


DRILL = SomethingElse()
