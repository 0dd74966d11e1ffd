"""Makes the data protection officer head of IT, in the database of an office of the lab."""

from upheld.drills.kept import ADA, BOB, KeptDrill, ago


class OfficerRunsIt(KeptDrill):
    """An officer with a letter, who was active last month."""

    measure = "governance/dpo_appointed"
    breaks = "The data protection officer is made head of IT, past the product that refuses it"

    def keep(self) -> None:
        """Appoint an officer."""
        officer = self.responsibility("dpo", ADA, conflicts=["head-of-it"])
        self.head = self.responsibility("head-of-it", BOB)
        self.office.act("note-activity", officer, by=ADA, role="employee", at=ago(30), note="trained the sales people")

    def sabotage(self) -> str:
        """Give her the other role too."""
        self.office.sql("UPDATE registers_holding SET person = %s WHERE id = %s", ADA, self.head)
        return "dpo"

    def heal(self) -> None:
        """Give it back."""
        self.office.sql("UPDATE registers_holding SET person = %s WHERE id = %s", BOB, self.head)


DRILL = OfficerRunsIt()
