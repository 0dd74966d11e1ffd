"""Categories of data, customers, and what was agreed with them."""

from datetime import date, timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, SamePerson
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.registers.privacy.categories import end_data_category, enter_data_category
from upheld.registers.privacy.contracts import check_contract, correct_contract, end_contract, enter_contract
from upheld.registers.privacy.customers import end_customer, enter_customer
from upheld.registers.privacy.models import Authorisation, Clause, Contract, Customer, DataCategory
from upheld.registers.privacy.rows import customer_contracts, customers, data_categories

TODAY = date(2026, 5, 4)


@pytest.fixture
def acme(lead: Person) -> Customer:
    enter_data_category(by=lead, name="contacts", title="Contacts", what="names", personal=True, of_customers=True, owner="E-lea")
    return enter_customer(by=lead, name="acme", title="Acme", owner="E-lea", from_on=TODAY)


def entered(acme: Customer, lead: Person, **more: object) -> Contract:
    said = {"title": "DPA", "signed_on": TODAY, "from_on": TODAY, "document": keep_file(b"signed"), "processes_personal_data": True}
    return enter_contract(acme, by=lead, **{**said, "authorisation": Authorisation.NONE, "data_categories": ["contacts"], **more})


def test_a_contract_is_a_row_with_its_deadlines(acme: Customer, lead: Person) -> None:
    entered(acme, lead, breach_notice=Span(48, "hour"), clauses=[Clause.AUDIT], regions=["eu-central"])
    row = next(iter(customer_contracts()))
    assert (row["customer_id"], row["breach_notice"], row["deletion_within"]) == ("acme", timedelta(hours=48), None)
    assert (row["clauses"], row["regions"], row["checked_at"]) == (["audit"], ["eu-central"], None)


def test_what_was_entered_is_checked_by_somebody_else_and_again_after_a_correction(acme: Customer, lead: Person) -> None:
    contract = entered(acme, lead)
    with pytest.raises(SamePerson, match="checked by somebody else"):
        check_contract(contract, by=lead)
    dora = person("dora", Role.DPO)
    contract = check_contract(contract, by=dora)
    assert contract.checked_at == clock.now()
    said = {"title": "DPA", "signed_on": TODAY, "from_on": TODAY, "processes_personal_data": False, "authorisation": Authorisation.NONE}
    contract = correct_contract(contract, by=lead, **said)
    assert (contract.checked_at, contract.checked_by, contract.document) == (None, "", keep_file(b"signed").sha256)


def test_a_contract_says_what_its_kind_demands(acme: Customer, lead: Person) -> None:
    for more, why in (
        ({"data_categories": []}, "Say which data are processed"),
        ({"data_categories": ["health"]}, "There is no data category called health"),
        ({"authorisation": Authorisation.GENERAL}, "say how long before the customer is told"),
        ({"signed_on": date(2026, 5, 5)}, "This day lies ahead"),
        ({"until_on": date(2026, 5, 3)}, "lies before the first"),
    ):
        with pytest.raises(Ill, match=why):
            entered(acme, lead, **more)
    assert not Contract.objects.exists()


def test_what_ends_says_when(acme: Customer, lead: Person) -> None:
    assert end_contract(entered(acme, lead), by=lead, until_on=date(2026, 12, 31)).until_on == date(2026, 12, 31)
    end_customer(acme, by=lead, until_on=date(2026, 12, 31))
    assert [row["until_on"] for row in customers()] == [date(2026, 12, 31)]
    end_data_category(DataCategory.objects.get(), by=lead)
    assert list(data_categories()) == []


def test_only_personal_data_are_of_a_special_category(lead: Person) -> None:
    with pytest.raises(Ill, match="Only personal data"):
        enter_data_category(by=lead, name="x", title="X", what="x", personal=False, special=True, of_customers=False, owner="E-lea")
