"""Makes the author of a published policy its approver, in the database of an office of the lab."""

from upheld.drills.kept import ADA, AUTHOR, KeptDrill


class ApprovedByAuthor(KeptDrill):
    """A policy that was approved by the management."""

    measure = "governance/policy_approved_by_management"
    breaks = "The author of a published policy is written into the database as who approved it"
    lasting = True

    def keep(self) -> None:
        """Publish a policy."""
        self.policy()

    def sabotage(self) -> str:
        """Name the author as approver."""
        self.office.sql("UPDATE registers_approval SET person = %s WHERE person = %s", AUTHOR, ADA)
        return "Access policy, version 1"

    def heal(self) -> None:
        """Name who approved it."""
        self.office.sql("UPDATE registers_approval SET person = %s WHERE person = %s", ADA, AUTHOR)


DRILL = ApprovedByAuthor()
