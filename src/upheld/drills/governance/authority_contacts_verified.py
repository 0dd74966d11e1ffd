"""Lets an office of the lab work in a country whose authorities it does not know."""

from datetime import timedelta

from upheld.drills.kept import ADA, LONG_AGO, KeptDrill, ago
from upheld.drills.staging import today

KINDS = ("supervisory-authority", "police", "emergency")


class JurisdictionWithoutContacts(KeptDrill):
    """A country whose three authorities were called last month."""

    measure = "governance/authority_contacts_verified"
    breaks = "A jurisdiction is entered whose authorities nobody knows"

    def keep(self) -> None:
        """Enter a country, and call its authorities."""
        germany = self.office.act("enter-jurisdiction", code="de", title="Germany", from_on=LONG_AGO)
        for kind in KINDS:
            contact = self.office.act("add-contact", kind=kind, title=kind, how="by telephone", holder=ADA, jurisdiction=germany)
            self.office.act("verify-contact", contact, at=ago(30))

    def sabotage(self) -> str:
        """Enter another."""
        self.france = self.office.act("enter-jurisdiction", code="fr", title="France", from_on=LONG_AGO)
        return "France, police"

    def heal(self) -> None:
        """Leave it."""
        self.office.act("leave-jurisdiction", self.france, until_on=str(today() - timedelta(days=1)))


DRILL = JurisdictionWithoutContacts()
