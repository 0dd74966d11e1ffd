"""The record of processing, instructions, customers' questions, consents and sign-ups: what may be done, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person
from tests.mailbox import posted
from tests.registers.privacy.taken_on import TODAY, categorise, contact, fresh, take_on

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.notices import delivering
from upheld.registers.privacy import consents, information, instructions, processing, processing_rows
from upheld.registers.privacy.processing_models import Capacity, Finding, InformationRequest, Instruction, Outcome, Processing
from upheld.workspace import Workspace

WHAT = {"operations": "Keeps them.", "transfers": "none", "security": "As published.", "contact": "dpo@example.com"}


def entered(lead: Person, **more: object) -> Processing:
    said = {"name": "mailing", "title": "Mailing", "owner": "E-lea", "capacity": Capacity.PROCESSOR, "purpose": "mailing"}
    return processing.enter_processing(by=lead, **{**said, "data_categories": ["contacts"], "customers": ["acme"], **more})


def test_what_is_not_complete_is_not_confirmed_and_a_change_is_confirmed_again(lead: Person) -> None:
    take_on(lead, "acme")
    record = entered(lead)
    with pytest.raises(Refused, match="The record lacks: operations, transfers, security, contact"):
        processing.confirm_processing(record, by=lead)
    said = {"title": "Mailing", "owner": "E-lea", "capacity": Capacity.PROCESSOR, "purpose": "mailing"}
    record = processing.change_processing(record, by=lead, **said, data_categories=["contacts"], customers=["acme"], **WHAT)
    assert processing.confirm_processing(record, by=lead).confirmed_at == clock.now()
    (row,) = processing_rows.processings()
    assert (row["transfers"], row["recipients"], row["customers"]) == ("none", None, ["acme"])
    assert [each["id"] for each in processing_rows.processing_scopes()] == ["mailing/acme/contacts"]
    record = processing.change_processing(fresh(record), by=lead, **said, data_categories=["contacts"], customers=["acme"], **WHAT)
    assert record.confirmed_at is None
    processing.end_processing(record, by=lead, ended_on=TODAY)
    assert list(processing_rows.processing_scopes()) == []


def test_as_processor_it_is_done_for_somebody(lead: Person) -> None:
    take_on(lead, "acme")
    for more in ({"customers": []}, {"capacity": Capacity.CONTROLLER}):
        with pytest.raises(Ill, match="As processor, name the customers"):
            entered(lead, **more)
    with pytest.raises(Ill, match="no customer called nobody"):
        entered(lead, customers=["nobody"])


def instructed(lead: Person, **more: object) -> Instruction:
    customer = take_on(lead, "acme", **more)
    said = {"title": "Profiles", "what": "Guess incomes.", "purpose": "profiling", "data_categories": ["contacts"]}
    return instructions.enter_instruction(customer, by=lead, document=keep_file(b"a mail"), from_on=TODAY, **said)


def row() -> dict[str, object]:
    (found,) = processing_rows.instructions()
    return dict(found)


def test_an_instruction_that_seems_to_break_the_law_is_suspended_told_and_settled(ledger: Workspace, lead: Person) -> None:
    with posted(ledger) as box:
        instruction = instructions.assess_instruction(instructed(lead), by=lead, finding=Finding.INFRINGING, why="GDPR 22.")
        assert (row()["infringing"], row()["suspended_at"], row()["notified_at"]) == (True, clock.now(), None)
        assert delivering.deliver(clock.now()) == (1, 0)
        assert "Profiles" in box.mails()[0].get_body(("plain",)).get_content()
    assert row()["notified_at"] == clock.now()
    settled = instructions.settle_instruction(instruction, by=lead, outcome=Outcome.WITHDRAWN, document=keep_file(b"no"))
    assert (settled.settled_at, settled.until_on) == (clock.now(), TODAY)


def test_a_lawful_instruction_is_followed(lead: Person) -> None:
    instruction = instructions.assess_instruction(instructed(lead), by=lead, finding=Finding.LAWFUL, why="Agreed.")
    assert (row()["infringing"], row()["suspended_at"]) == (False, None)
    with pytest.raises(Refused, match="It is not suspended"):
        instructions.settle_instruction(instruction, by=lead, outcome=Outcome.CONFIRMED, document=keep_file(b"x"))
    with pytest.raises(Refused, match="assessed already"):
        instructions.assess_instruction(instruction, by=lead, finding=Finding.INFRINGING, why="After all.")
    assert instructions.end_instruction(instruction, by=lead, until_on=date(2026, 6, 1)).until_on == date(2026, 6, 1)


def test_a_customer_without_an_address_is_told_otherwise(lead: Person) -> None:
    instruction = instructions.assess_instruction(instructed(lead, address=""), by=lead, finding=Finding.INFRINGING, why="GDPR 22.")
    with pytest.raises(Ill, match="before it was suspended"):
        instructions.note_instruction_notice(instruction, by=lead, receipt=keep_file(b"x"), at=clock.now() - timedelta(hours=1))
    instructions.note_instruction_notice(instruction, by=lead, receipt=keep_file(b"x"))
    assert row()["notified_at"] == clock.now()


def test_questions_of_customers_are_due_as_their_contract_says(lead: Person) -> None:
    acme, brand = take_on(lead, "acme", information_within=Span(10, "day")), take_on(lead, "brand")
    asked = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    first = information.note_information_request(acme, by=lead, title="Audit", what="A report.", asked_at=asked)
    assert first.due_at == datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
    assert information.note_information_request(brand, by=lead, title="List", what="Answers.").due_at == clock.now() + timedelta(days=14)
    with pytest.raises(Ill, match="before it was asked"):
        information.answer_information_request(first, by=lead, answer="Here.", at=asked - timedelta(hours=1))
    information.answer_information_request(first, by=lead, answer="Here.")
    assert [each["answered_at"] for each in processing_rows.customer_information_requests()] == [None, clock.now()]


def test_a_customers_people_ask_for_their_own_company(lead: Person) -> None:
    acme, brand = take_on(lead, "acme"), take_on(lead, "brand")
    information.ask_for_information(by=contact("acme"), customer=acme, title="Audit", what="A report.")
    with pytest.raises(Refused, match="your own company alone"):
        information.ask_for_information(by=contact("acme"), customer=brand, title="Audit", what="A report.")
    with pytest.raises(NotAllowed):
        information.ask_for_information(by=lead, customer=acme, title="Audit", what="A report.")
    assert [each.customer.name for each in InformationRequest.objects.all()] == ["acme"]


def test_a_consent_is_given_once_and_withdrawn(lead: Person, ada: Person) -> None:
    said = {"principal": "p-7", "purpose": "newsletter", "how": "A box.", "wording": keep_file(b"May we?")}
    consent = consents.note_consent(by=ada, **said)
    with pytest.raises(Ill, match="there already"):
        consents.note_consent(by=ada, **said)
    with pytest.raises(NotAllowed, match="There is no consent"):
        consents.withdraw_consent(consent, by=ada)  # an employee sees none of them
    with pytest.raises(Ill, match="before it was given"):
        consents.withdraw_consent(consent, by=lead, at=clock.now() - timedelta(days=1))
    consents.withdraw_consent(consent, by=lead)
    assert [(each["principal"], each["withdrawn_at"]) for each in processing_rows.consents()] == [("p-7", clock.now())]
    consents.note_consent(by=ada, **said)


def test_a_way_to_sign_up_is_tried_by_somebody_else(lead: Person) -> None:
    categorise(lead)
    shop = consents.declare_sign_up(by=lead, name="shop", title="Shop", owner="E-lea", asks="A name.", consent_required=False)
    with pytest.raises(SamePerson, match="looked at by somebody else"):
        consents.check_sign_up(shop, by=lead)
    shop = consents.check_sign_up(shop, by=person("dora", Role.DPO))
    shop = consents.change_sign_up(shop, by=lead, title="Shop", owner="E-lea", asks="A name, a yes.", consent_required=True)
    assert [(each["consent_required"], each["checked_at"]) for each in processing_rows.sign_ups()] == [(True, None)]
    consents.end_sign_up(shop, by=lead)
    assert list(processing_rows.sign_ups()) == []
