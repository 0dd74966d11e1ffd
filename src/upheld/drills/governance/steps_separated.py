"""Makes one person the one who wrote and who approved, in the steps of an office of the lab."""

from upheld.drills.kept import ADA, AUTHOR, KeptDrill


class OnePersonTwoSteps(KeptDrill):
    """A policy that one wrote and another approved."""

    measure = "governance/steps_separated"
    breaks = "The step of approving a policy is written into the database as its author's"
    lasting = True

    def keep(self) -> None:
        """Publish a policy."""
        self.policy()

    def sabotage(self) -> str:
        """Let the author have approved."""
        self.office.sql('UPDATE actions_step SET "by" = %s WHERE "by" = %s', AUTHOR, ADA)
        return "governance.policyversion/1, governance.approve-policy"

    def heal(self) -> None:
        """Say who it was."""
        self.office.sql('UPDATE actions_step SET "by" = %s WHERE action = %s', ADA, "governance.approve-policy")


DRILL = OnePersonTwoSteps()
