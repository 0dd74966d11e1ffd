"""Lets somebody else have opened a first secret, in the database of an office of the lab."""

from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago


class OpenedByAnother(KeptDrill):
    """An office that handed a first secret to Ada, who opened it."""

    measure = "access/secret_not_shared"
    breaks = "Bob is the one who opened the first secret of Ada's account"
    lasting = True

    def keep(self) -> None:
        """Hand it over."""
        kept = {"kind": "application", "environment": "test", "criticality": "high", "owner": AUTHOR, "purpose": "customers"}
        self.office.act("operations.enter-system", name="crm", title="CRM", **kept)  # type: ignore[arg-type]
        link = self.office.act("access.hand-over-secret", at=ago(2), person=ADA, system="crm", account="ada")
        self.office.act("access.open-secret", link, at=ago(1), by=ADA, role="employee")

    def sabotage(self) -> str:
        """Let it be Bob."""
        self.office.move("registers_secretlink", "opened_by", BOB)
        return "ada"

    def heal(self) -> None:
        """Let it be Ada again."""
        self.office.put_back()


DRILL = OpenedByAnother()
