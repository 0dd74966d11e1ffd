"""What drills on privacy share: a company whose two customers entrust it with contacts, in an office of the lab, with all in order."""

from abc import abstractmethod
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, ClassVar

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, AUTHOR, LONG_AGO, KeptDrill, ago
from upheld.drills.staging import Listed
from upheld.registers.privacy.models import Clause

CLAUSES = [str(each) for each in Clause]
HEADERS = {
    "data_set_ages": "id,data_set_id,measured_at,rows_there,oldest_at",
    "export_events": "id,system_id,recipient,exported_at",
    "marketing_uses": "id,system_id,principal,purpose,used_at",
    "observed_destinations": "id,system_id,country,organisation,seen_at",
    "processing_events": "id,system_id,customer_id,purpose,data_category,happened_at",
    "temporary_sweeps": "id,place_id,swept_at,left_there,oldest_at,erased",
}
DIGEST = "a" * 64


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
        self._processing()
        self._consent()
        self._searches()
        self._leaving()
        self.policy(
            name="disposal", title="Disposal", topic=self.office.act("want-topic", name="disposal-of-personal-data", title="Disposal"),
            outsiders=["customer"],
        )  # fmt: skip

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

    def _processing(self) -> None:
        said: dict[str, Any] = {"operations": "keeps them", "transfers": "none", "security": "as published", "contact": "the officer"}
        said |= {"title": "Mailing", "owner": AUTHOR, "capacity": "processor", "purpose": "mailing", "customers": ["acme"]}
        self.processing = self.act("enter-processing", at=ago(60), name="mailing", data_categories=["contacts"], **said)
        self.act("confirm-processing", self.processing, at=ago(60))
        what: dict[str, Any] = {"what": "as it says", "data_categories": ["contacts"], "document": "a letter", "from_on": LONG_AGO}
        good = self.act("enter-instruction", self.acme, at=ago(60), title="Mail them", purpose="mailing", **what)
        self.act("assess-instruction", good, at=ago(60), finding="lawful", why="agreed")
        self.bad = self.act("enter-instruction", self.acme, at=ago(60), title="Guess incomes", purpose="profiling", **what)
        self.act("assess-instruction", self.bad, at=ago(60), finding="infringing", why="GDPR 22")
        self.act("note-instruction-notice", self.bad, at=ago(60), receipt="a letter")
        self.question = self.act("note-information-request", self.acme, at=ago(30), title="Audit", what="a report")
        self.act("answer-information-request", self.question, at=ago(25), answer="here")

    def _consent(self) -> None:
        given = {"principal": "p-1", "purpose": "newsletter", "how": "a box", "wording": "a letter"}
        self.consent = self.act("note-consent", at=ago(60), **given)
        self.sign_up = self.act("declare-sign-up", name="shop", title="Shop", owner=AUTHOR, asks="a name", consent_required="no")
        self.act("check-sign-up", self.sign_up, by=ADA)

    def _searches(self) -> None:
        crm: dict[str, Any] = {"kind": "application", "environment": "production", "criticality": "high", "purpose": "customers"}
        self.office.act("operations.enter-system", name="crm", title="CRM", owner=AUTHOR, **crm)
        said: dict[str, Any] = {"owner": AUTHOR, "system": "crm", "how": "a job", "keep_for": "2 years", "fields": ["name"]}
        stores = [
            self.act("declare-data-set", at=ago(90), name=name, title=name.capitalize(), data_category="contacts", **said)
            for name in ("people", "mails", "archive")
        ]
        place = {"owner": AUTHOR, "system": "crm", "how": "a job", "keep_for": "2 days", "place": "/srv/exports"}
        self.act("declare-temporary-place", name="exports", title="Exports", **place)
        asked = {"right": "erasure", "principal": "Vera", "what": "please", "owner": AUTHOR}
        self.request = self.act("receive-request", at=ago(50), **asked)
        self.act("check-identity", self.request, at=ago(49), how="signed in")
        self.act("execute-request", self.request, at=ago(48))
        _, over = self.customer("over", processes_personal_data="yes", agreed_to=["host", "desk"])
        self.act("end-contract", over, until_on=f"{ago(45):%Y-%m-%d}")
        self.ending = self.act("begin-contract-end", over, at=ago(40), choice="erase")
        self.act("note-erasure", self.ending, at=ago(35))
        for store in stores:
            self.act("search-for-request", self.request, at=ago(47), data_set=store, found=0, protocol="a letter")
            self.act("search-for-contract", self.ending, at=ago(34), data_set=store, found=0, protocol="a letter")
        self.act("close-request", self.request, at=ago(46), answer="a letter")

    def _leaving(self) -> None:
        sent = {"recipient": "Acme", "what": "an export", "channel": "sftp", "digest": DIGEST, "owner": AUTHOR}
        self.sent = self.act("note-transmission", at=ago(20), **sent)
        self.act("confirm-arrival", self.sent, at=ago(20), received_by="Acme", digest=DIGEST)
        given: dict[str, Any] = {"recipient": "Auditors", "what": "contacts", "data_categories": ["contacts"], "owner": AUTHOR}
        self.act("note-data-disclosure", at=ago(10), basis="instruction", export="x1", **given)
        said = {"country": "de", "owner": AUTHOR, "what": "all mails", "document": "a letter"}
        self.court = self.act("receive-demand", self.acme, at=ago(15), authority="A court", **said)
        self.act("assess-demand", self.court, at=ago(15), by=ADA, binding="yes", why="an order")
        self.act("notify-of-demand", self.court, at=ago(15), notice="a letter")
        out: dict[str, Any] = {"what": "two mails", "data_categories": ["contacts"]}
        self.act("disclose", self.court, at=ago(14), **out)
        self.office_demand = self.act("receive-demand", self.acme, at=ago(15), authority="An office", **said)
        self.act("assess-demand", self.office_demand, at=ago(15), by=ADA, binding="no", why="a letter")
        self.act("note-authorisation", self.office_demand, at=ago(14), letter="a letter")
        self.act("disclose", self.office_demand, at=ago(13), **out)

    def lines(self, name: str) -> list[str]:
        """Return the lines of one of the lists, in order."""
        now, stores = f"{ago(0) - timedelta(hours=3):%Y-%m-%d %H:%M}", ("people", "mails", "archive")
        return {
            "data_set_ages": [f"{store},{store},{now},9,{ago(400):%Y-%m-%d %H:%M}" for store in stores],
            "export_events": [f"x1,crm,Auditors,{ago(10):%Y-%m-%d %H:%M}"],
            "marketing_uses": [f"m1,crm,p-1,newsletter,{ago(5):%Y-%m-%d %H:%M}"],
            "observed_destinations": [f"bucket,crm,de,Host Ltd,{ago(1):%Y-%m-%d %H:%M}"],
            "processing_events": [f"e1,crm,acme,mailing,contacts,{ago(5):%Y-%m-%d %H:%M}"],
            "temporary_sweeps": [f"s1,exports,{now},3,{ago(1):%Y-%m-%d %H:%M},7"],
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
