"""Lets somebody's acknowledgement of a policy be 31 days late, in the database of an office of the lab."""

from hashlib import sha256

from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago

DIGEST = sha256(b"Ask first.").hexdigest()


class AcknowledgedLate(KeptDrill):
    """A policy that everybody acknowledged in time."""

    measure = "governance/policy_acknowledged"
    breaks = "An acknowledgement is moved to 31 days after it was due"

    def keep(self) -> None:
        """Publish a policy 70 days ago; everybody read it within a week."""
        version = self.policy(days_ago=70)
        for who in (AUTHOR, ADA, BOB):
            self.office.act("acknowledge-policy", version, by=who, role="employee", at=ago(65), digest=DIGEST)

    def sabotage(self) -> str:
        """Move Bob's."""
        self.office.move("registers_acknowledgement", "at", ago(9), f"person = '{BOB}'")
        return "Bob"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = AcknowledgedLate()
