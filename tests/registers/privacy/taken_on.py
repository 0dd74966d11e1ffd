"""A customer taken on, with a checked contract, for tests of what may be done with its data."""

from datetime import date

from tests.actors import person

from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.acting import AnyRecord
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.registers.operations.models import Criticality, Environment, System, SystemKind
from upheld.registers.operations.systems import enter_system
from upheld.registers.privacy.categories import enter_data_category
from upheld.registers.privacy.contracts import check_contract, enter_contract
from upheld.registers.privacy.customers import enter_customer
from upheld.registers.privacy.models import Authorisation, Clause, Customer, DataCategory
from upheld.registers.suppliers.models import Provides, Supplier, Tier
from upheld.registers.suppliers.onboarding import propose_supplier

TODAY = date(2026, 5, 4)


def take_on(lead: Person, name: str, address: str | None = None, **more: object) -> Customer:
    """Take a customer on, that entrusts contacts under a general authorisation; the first time with a category and a supplier."""
    categorise(lead)
    given = {"title": name.capitalize(), "owner": "E-lea", "from_on": TODAY}
    customer = enter_customer(by=lead, name=name, notice_address=f"privacy@{name}.example" if address is None else address or None, **given)
    said = {"title": "DPA", "signed_on": TODAY, "from_on": TODAY, "document": keep_file(b"signed"), "processes_personal_data": True}
    said |= {"authorisation": Authorisation.GENERAL, "data_categories": ["contacts"], "subprocessor_notice": Span(30, "day")}
    contract = enter_contract(customer, by=lead, **{**said, "clauses": list(Clause), **more})
    check_contract(contract, by=person("dora", Role.DPO))
    return customer


def categorise(lead: Person) -> None:
    """Enter the category contacts, once."""
    if not DataCategory.objects.exists():
        enter_data_category(by=lead, name="contacts", title="Contacts", what="names", personal=True, of_customers=True, owner="E-lea")


def supply(lead: Person) -> None:
    """Propose the supplier called host."""
    if not Supplier.objects.exists():
        said = {"title": "Host Ltd", "owner": "E-lea", "provides": [Provides.HOSTING], "what": "machines", "tier": Tier.HIGH}
        propose_supplier(by=lead, name="host", touches=True, personal_data=True, **said)


def contact(customer: str) -> Person:
    """Somebody of the customer, who signs in here."""
    return Person(person(customer).account_id, f"{customer}-contact", "A contact", (Held(Role.CUSTOMER, ("customer", customer)),), "web")


def fresh(record: AnyRecord) -> AnyRecord:
    """The record as it is now."""
    return type(record)._default_manager.get(pk=record.pk)


def system(lead: Person) -> None:
    """Enter the system crm, once."""
    if not System.objects.exists():
        said = {"kind": SystemKind.APPLICATION, "environment": Environment.PRODUCTION, "criticality": Criticality.HIGH}
        enter_system(by=lead, name="crm", title="CRM", owner="E-lea", purpose="customers", **said)
