"""What this chapter asks of people: each thing is owed while it is open, and told as done."""

from datetime import timedelta

import pytest
from tests.registers.privacy.taken_on import TODAY, supply, take_on

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.files import keep_file
from upheld.registers.privacy import announcing, contracts, demands, duties, endings, information, instructions, processing, sharing
from upheld.registers.privacy import objections as objecting
from upheld.registers.privacy import subject_requests as requests
from upheld.registers.privacy.keeping_models import Choice, Right
from upheld.registers.privacy.models import Contract, NoticeMode
from upheld.registers.privacy.processing_models import Capacity
from upheld.registers.privacy.sharing_models import Changes, CustomerNotice


@pytest.fixture
def everything(lead: Person) -> None:
    """One of each thing that is owed."""
    acme = take_on(lead, "acme", notice_mode=NoticeMode.LETTER)
    supply(lead)
    said = {"title": "Mailing", "owner": "E-lea", "capacity": Capacity.PROCESSOR, "purpose": "mailing", "customers": ["acme"]}
    processing.enter_processing(by=lead, name="mailing", data_categories=["contacts"], **said)
    information.note_information_request(acme, by=lead, title="Audit", what="A report.")
    requests.receive_request(by=lead, right=Right.ACCESS, principal="Vera", what="Please.", owner="E-ada")
    instructions.enter_instruction(
        acme, by=lead, title="T", what="W", purpose="p", data_categories=["contacts"], document=keep_file(b"x"), from_on=TODAY
    )
    told = {"title": "Host", "supplier": "host", "owner": "E-ada", "purpose": "x", "data_categories": ["contacts"], "countries": ["de"]}
    host = sharing.plan_subprocessor(by=lead, name="host", **told)
    announcing.announce_subprocessor(host, by=lead, change=Changes.ADDITION, what="x", planned_on=TODAY + timedelta(days=40))
    objecting.object(CustomerNotice.objects.get(), by=lead, reasons="No.")
    demand = {"authority": "A court", "country": "de", "owner": "E-ada", "what": "x", "document": keep_file(b"x")}
    demands.receive_demand(acme, by=lead, **demand)
    binding = demands.receive_demand(acme, by=lead, **demand)
    demands.assess_demand(binding, by=lead, binding=True, why="x")
    contract = contracts.end_contract(Contract.objects.get(), by=lead, until_on=TODAY)
    endings.begin_contract_end(contract, by=lead, choice=Choice.ERASE)


def test_what_is_open_is_owed_by_whom_it_concerns(everything: None) -> None:
    now = clock.now()
    owed = {duty.name.partition(".")[2]: [(each.owes or each.role, bool(each.done)) for each in duty.owing(now)] for duty in duties.DUTIES}
    assert owed == {
        "confirm-processing": [("E-lea", False)],
        "answer-information-request": [("E-lea", False)],
        "close-request": [("E-ada", False)],
        "assess-instruction": [("dpo", False)],
        "settle-objection": [("E-ada", False)],
        "assess-demand": [("dpo", True), ("dpo", False)],
        "notify-of-demand": [("dpo", False)],
        "note-erasure": [("E-lea", False)],
    }


def test_what_is_due_falls_due_by_contract_and_law(everything: None) -> None:
    now = clock.now()
    (asked,) = duties.to_answer_customers(now)
    (person,) = duties.to_answer_subjects(now)
    assert asked.first == timedelta(days=14)
    assert person.begins_at + person.first == requests.SubjectRequest.objects.get().due_at
