"""Takes the clause about subcontractors out of an agreement, in the database of an office of the lab."""

from upheld.drills.supplied import SuppliedDrill


class ClauseGone(SuppliedDrill):
    """An agreement that says how the supplier handles its own suppliers."""

    measure = "suppliers/supply_chain_covered"
    breaks = "The clause about subcontractors is taken out of an agreement, past the product"

    def sabotage(self) -> str:
        """Leave the clause about audits alone in it."""
        self.office.sql("""UPDATE registers_agreement SET requirements = '["audit"]'""")
        return "Host Ltd"

    def heal(self) -> None:
        """Put the clause back."""
        self.office.sql("""UPDATE registers_agreement SET requirements = '["audit", "subcontractors"]'""")


DRILL = ClauseGone()
