"""Blanks an answer out, in the database of an office of the lab."""

from upheld.drills.inventory import AssetDrill


class AnswerGone(AssetDrill):
    """Contracts that were classified."""

    measure = "assets/classified"
    breaks = "What the law demands of a body of information is blanked out in the database"

    def sabotage(self) -> str:
        """Blank it out."""
        self.office.sql("UPDATE registers_informationasset SET law = NULL")
        return "Contracts"

    def heal(self) -> None:
        """Put it back."""
        self.office.sql("UPDATE registers_informationasset SET law = 3")


DRILL = AnswerGone()
