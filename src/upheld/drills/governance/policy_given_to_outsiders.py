"""Takes on a supplier without giving them the policy that is meant for suppliers, in an office of the lab."""

from upheld.drills.kept import LONG_AGO, KeptDrill


class GivenToNobody(KeptDrill):
    """A policy meant for suppliers, and one supplier who has it."""

    measure = "governance/policy_given_to_outsiders"
    breaks = "A supplier is taken on, and not given the policy that is meant for suppliers"

    def keep(self) -> None:
        """Give the policy to the only supplier."""
        self.version = self.policy(outsiders=["supplier"])
        self.office.act("hand-over-policy", self.version, party=self._supplier("Acme"), how="by mail")

    def sabotage(self) -> str:
        """Take on another."""
        self.bolt = self._supplier("Bolt")
        return "Bolt"

    def heal(self) -> None:
        """Give it to them."""
        self.office.act("hand-over-policy", self.version, party=self.bolt, how="by mail")

    def _supplier(self, title: str) -> int:
        return self.office.act("add-outside-party", kind="supplier", title=title, from_on=LONG_AGO)


DRILL = GivenToNobody()
