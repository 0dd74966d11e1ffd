"""Takes on a customer without a contract, in an office of the lab."""

from typing import Any

from upheld.drills.kept import ADA, AUTHOR, LONG_AGO, KeptDrill
from upheld.registers.privacy.models import Clause


class NoContract(KeptDrill):
    """A customer with a contract that has every clause."""

    measure = "privacy/contract_assistance_agreed"
    breaks = "A customer is taken on, whose data are processed, without a contract"

    def keep(self) -> None:
        """Enter a customer and what was agreed with it, and let Ada check it."""
        said: dict[str, Any] = {"title": "Contacts", "what": "names", "owner": AUTHOR, "personal": "yes", "of_customers": "yes"}
        self.office.act("privacy.enter-data-category", name="contacts", **said)
        self._agree(self._customer("acme"))

    def sabotage(self) -> str:
        """Take on another."""
        self.other = self._customer("brand")
        return "brand"

    def heal(self) -> None:
        """Agree with it."""
        self._agree(self.other)

    def _customer(self, name: str) -> int:
        return self.office.act("privacy.enter-customer", name=name, title=name, owner=AUTHOR, from_on=LONG_AGO)

    def _agree(self, customer: int) -> None:
        said: dict[str, Any] = {"title": "Terms", "signed_on": LONG_AGO, "from_on": LONG_AGO, "document": "a letter"}
        what: dict[str, Any] = {"clauses": [str(each) for each in Clause], "data_categories": ["contacts"]}
        contract = self.office.act("privacy.enter-contract", customer, processes_personal_data="yes", authorisation="none", **said, **what)
        self.office.act("privacy.check-contract", contract, by=ADA)


DRILL = NoContract()
