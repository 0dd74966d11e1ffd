"""What drills on privacy share: a company whose two customers entrust it with contacts, in an office of the lab, with all in order."""

from abc import abstractmethod
from contextlib import ExitStack
from typing import Any, ClassVar

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, AUTHOR, LONG_AGO, KeptDrill, ago
from upheld.drills.staging import Listed
from upheld.registers.privacy.models import Clause

CLAUSES = [str(each) for each in Clause]
HEADERS = {
    "observed_destinations": "id,system_id,country,organisation,seen_at",
}


class PrivacyDrill(KeptDrill):
    """A drill on customers' data: Acme and Brand entrust contacts, a host has them, and a desk in another country reads them."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, and write the lists that the measure reads."""
        scene = super().open(stack)
        needed = self.needed()
        self.listed = {name: Listed(stack, name, HEADERS[name], *self.lines(name)) for name in HEADERS if name in needed}
        return Scene([*scene.sources, *(each.source for each in self.listed.values())], scene.registers)

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `privacy.<action>`."""
        return self.office.act(f"privacy.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        what = {"title": "Contacts", "what": "names", "owner": AUTHOR, "personal": "yes", "of_customers": "yes", "retention": "3 years"}
        self.act("enter-data-category", name="contacts", **what)
        self.acme, self.contract = self.customer("acme")
        self.brand, _ = self.customer("brand")
        self._sharing()

    def customer(self, name: str, **more: Any) -> tuple[int, int]:
        """Take on a customer whose contract has every clause and was checked; return its number, and that of the contract."""
        said: dict[str, Any] = {"title": "Terms", "signed_on": LONG_AGO, "from_on": LONG_AGO, "document": "a letter", "clauses": CLAUSES}
        said |= {"processes_personal_data": "yes", "data_categories": ["contacts"], "authorisation": "general", "notice_mode": "letter"}
        said |= {"subprocessor_notice": "30 days", "transfer_notice": "30 days", "information_within": "14 days"}
        number = self.act("enter-customer", at=ago(400), name=name, title=name.capitalize(), owner=AUTHOR, from_on=LONG_AGO)
        contract = self.act("enter-contract", number, at=ago(400), **{**said, **more})
        self.act("check-contract", contract, at=ago(400), by=ADA)
        return number, contract

    def _sharing(self) -> None:
        supplier: dict[str, Any] = {"title": "Host Ltd", "owner": AUTHOR, "provides": ["hosting"], "what": "machines", "tier": "high"}
        self.office.act("suppliers.propose-supplier", name="host", touches="yes", personal_data="yes", **supplier)
        said: dict[str, Any] = {"owner": AUTHOR, "purpose": "as it says", "data_categories": ["contacts"], "safeguards": "clauses"}
        host = {"supplier": "host", "countries": ["de"], "flow_down": CLAUSES, "terms": "a letter"}
        self.host = self.act("plan-subprocessor", at=ago(100), name="host", title="Host Ltd", **said, **host)
        self.told_of_host = self._announced("subprocessor", self.host)
        desk = {"recipient": "Desk Ltd", "countries": ["in"], "basis": "standard-clauses", "assessment": "a letter"}
        self.desk = self.act("plan-transfer", at=ago(100), name="desk", title="Help desk", **said, **desk)
        self.told_of_desk = self._announced("transfer", self.desk)
        for country in ("de", "in"):
            self.act("publish-destination", country=country, why="as it says")

    def _announced(self, kind: str, number: int) -> int:
        """Tell both customers in good time, let the letters arrive, and start; return the number of the announcement."""
        day = f"{ago(40):%Y-%m-%d}"
        made = self.act(f"announce-{kind}", number, at=ago(90), change="addition", what="new", planned_on=day)
        for notice in (2 * made - 1, 2 * made):
            self.act("note-receipt", notice, at=ago(85), receipt="a letter")
        objection = self.act("object", 2 * made - 1, at=ago(80), reasons="not there")
        self.act("settle-objection", objection, at=ago(70), settlement="withdrawn", how="explained", agreed="a letter")
        self.act(f"start-{kind}", number, at=ago(40), from_on=day)
        return made

    def lines(self, name: str) -> list[str]:
        """Return the lines of one of the lists, in order."""
        return {
            "observed_destinations": [f"bucket,crm,de,Host Ltd,{ago(1):%Y-%m-%d %H:%M}"],
        }[name]


class OneMoreLine(PrivacyDrill):
    """A drill that adds one line to a list."""

    table: ClassVar[str]
    named: ClassVar[str]

    @property
    @abstractmethod
    def line(self) -> str:
        """The line."""

    def sabotage(self) -> str:
        """Add it."""
        self.listed[self.table].write(*self.lines(self.table), self.line)
        return self.named

    def heal(self) -> None:
        """Take it out."""
        self.listed[self.table].write(*self.lines(self.table))


class Moved(PrivacyDrill):
    """A drill that changes one column of one row in the database, behind the product's back, and puts it back."""

    named: ClassVar[str]

    @abstractmethod
    def tamper(self) -> None:
        """Change it, by `self.office.move`."""

    def sabotage(self) -> str:
        """Change it."""
        self.tamper()
        return self.named

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()
