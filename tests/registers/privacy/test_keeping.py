"""Requests of data subjects, ends of contracts and what searches show; demands for data and disclosures; transmissions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person
from tests.registers.privacy.taken_on import TODAY, categorise, fresh, system, take_on

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, Refused, SamePerson
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.registers.privacy import contracts, data_sets, demands, disclosing_rows, endings, keeping_rows, subject_requests, transmitting
from upheld.registers.privacy.disclosing_models import Channel, DisclosureBasis, LegalRequest
from upheld.registers.privacy.keeping_models import Choice, ContractEnd, DataSet, Right, StoreSearch, SubjectRequest, TemporaryPlace
from upheld.registers.privacy.models import Contract, DataCategory

PRINTED = b"SELECT count(*) ... 0"


@pytest.fixture
def dora(lead: Person) -> Person:
    return person("dora", Role.DPO)


def declared(lead: Person, *names: str) -> list[DataSet]:
    categorise(lead)
    said = {"title": "A table", "owner": "E-lea", "system": "crm", "data_category": "contacts", "fields": ["name", "mail"]}
    system(lead)
    return [data_sets.declare_data_set(by=lead, name=name, keep_for=Span(1, "year"), how="A job.", **said) for name in names]


def received(lead: Person, right: Right, **more: object) -> SubjectRequest:
    return subject_requests.receive_request(by=lead, right=right, principal="Vera", what="Please.", owner="E-lea", **more)


def test_a_month_by_law_and_two_more_once(lead: Person) -> None:
    for day, due in ((date(2026, 1, 30), date(2026, 3, 3)), (date(2026, 4, 1), date(2026, 5, 2)), (date(2026, 4, 30), date(2026, 6, 2))):
        request = received(lead, Right.ACCESS, received_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        assert request.due_at == datetime(due.year, due.month, due.day, tzinfo=UTC), day
    request = subject_requests.extend_request(request, by=lead, why="Many archives.")
    assert request.due_at == datetime(2026, 7, 31, tzinfo=UTC)
    with pytest.raises(Refused, match="extended already"):
        subject_requests.extend_request(request, by=lead, why="More.")
    late = received(lead, Right.ACCESS, received_at=datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(Refused, match="The month is over"):
        subject_requests.extend_request(late, by=lead, why="Forgotten.")


def test_an_erasure_is_done_once_every_data_set_says_so(lead: Person) -> None:
    crm, mail = declared(lead, "crm-people", "mail-people")
    request = received(lead, Right.ERASURE)
    with pytest.raises(Refused, match="Check first who they are"):
        subject_requests.execute_request(request, by=lead)
    with pytest.raises(Refused, match="Nothing was done yet"):
        subject_requests.close_request(request, by=lead, answer=keep_file(b"Gone."))
    request = subject_requests.check_identity(request, by=lead, how="signed in")
    request = subject_requests.execute_request(request, by=lead)
    look = {"by": lead, "protocol": keep_file(PRINTED)}
    subject_requests.search_for_request(request, data_set=crm, found=0, **look)
    subject_requests.search_for_request(request, data_set=mail, found=2, **look)
    assert [(each["data_set_id"], each["found"]) for each in keeping_rows.store_searches()] == [("crm-people", 0), ("mail-people", 2)]
    with pytest.raises(Refused, match="still has 2 rows"):
        subject_requests.close_request(request, by=lead, answer=keep_file(b"Gone."))
    subject_requests.search_for_request(request, data_set=mail, found=0, **look)
    with clock.at(clock.now() + timedelta(hours=1)):
        declared(lead, "new-people")  # what is there since then need not be searched
        assert subject_requests.close_request(request, by=lead, answer=keep_file(b"Gone.")).closed_at == clock.now()
    assert StoreSearch.objects.count() == 3


def test_a_package_holds_every_declared_field(lead: Person) -> None:
    (crm,) = declared(lead, "crm-people")
    request = subject_requests.check_identity(received(lead, Right.ACCESS), by=lead, how="signed in")
    request = subject_requests.execute_request(request, by=lead)
    look = {"by": lead, "data_set": crm, "found": 1, "protocol": keep_file(PRINTED)}
    with pytest.raises(Ill, match="does not declare phone"):
        subject_requests.search_for_request(request, fields=["phone"], **look)
    subject_requests.search_for_request(request, fields=["name"], **look)
    with pytest.raises(Refused, match="The package lacks mail of A table"):
        subject_requests.close_request(request, by=lead, answer=keep_file(b"Here."))
    subject_requests.search_for_request(request, fields=["name", "mail"], **look)
    assert [each["fields_lacking"] for each in keeping_rows.store_searches()] == [0]
    subject_requests.close_request(request, by=lead, answer=keep_file(b"Here."))


def test_what_is_about_a_customers_data_is_passed_on(lead: Person) -> None:
    acme = take_on(lead, "acme", rights_within=Span(2, "day"))
    request = received(lead, Right.ERASURE, customer=acme)
    assert request.due_at == clock.now() + timedelta(days=2)
    request = subject_requests.check_identity(request, by=lead, how="signed in")
    for what in (subject_requests.execute_request, subject_requests.extend_request):
        with pytest.raises(Refused, match=r"on to the customer first|customer's contract"):
            what(request, by=lead, **({"why": "x"} if what is subject_requests.extend_request else {}))
    subject_requests.forward_request(request, by=lead)
    (row,) = keeping_rows.subject_requests()
    assert (row["customer_id"], row["forwarded_at"], "Vera" in str(row)) == ("acme", clock.now(), False)
    subject_requests.close_request(fresh(request), by=lead, answer=keep_file(b"Passed on."))


def test_a_request_is_refused_with_a_reason(lead: Person) -> None:
    refused = subject_requests.refuse_request(received(lead, Right.ERASURE), by=lead, why="Tax law.", answer=keep_file(b"No."))
    with pytest.raises(Refused, match="It is closed"):
        subject_requests.execute_request(refused, by=lead)


def ended(lead: Person, choice: Choice, **more: object) -> ContractEnd:
    take_on(lead, "acme", **more)
    contract = Contract.objects.get()
    with pytest.raises(Refused, match="no end yet"):
        endings.begin_contract_end(contract, by=lead, choice=choice)
    contract = contracts.end_contract(contract, by=lead, until_on=TODAY)
    return endings.begin_contract_end(contract, by=lead, choice=choice)


def test_at_a_contracts_end_data_are_returned_erased_searched_and_certified(lead: Person, dora: Person) -> None:
    (crm,) = declared(lead, "crm-people")
    ending = ended(lead, Choice.RETURN, deletion_within=Span(10, "day"))
    assert ending.due_at == datetime(2026, 5, 15, tzinfo=UTC)
    with pytest.raises(Refused, match="begun already"):
        endings.begin_contract_end(ending.contract, by=lead, choice=Choice.ERASE)
    with pytest.raises(Refused, match="wants its data first"):
        endings.note_erasure(ending, by=lead)
    ending = endings.note_return(ending, by=lead, receipt=keep_file(b"Got it."))
    ending = endings.note_erasure(ending, by=lead)
    with pytest.raises(SamePerson, match="who erased them does not certify it"):
        endings.certify_erasure(ending, by=lead, certificate=keep_file(b"Nothing is left."))
    with pytest.raises(Refused, match="was not searched since"):
        endings.certify_erasure(ending, by=dora, certificate=keep_file(b"Nothing is left."))
    endings.search_for_contract(ending, by=lead, data_set=crm, found=0, protocol=keep_file(PRINTED))
    endings.certify_erasure(ending, by=dora, certificate=keep_file(b"Nothing is left."))
    (row,) = keeping_rows.contract_ends()
    assert (row["choice"], row["erased_at"], row["due_at"]) == ("return-and-erase", clock.now(), ending.due_at)
    assert [(each["kind"], each["found"]) for each in keeping_rows.store_searches()] == [("contract", 0)]


def test_a_contract_that_nobody_began_to_end_is_due_all_the_same(lead: Person) -> None:
    take_on(lead, "acme")
    contracts.end_contract(Contract.objects.get(), by=lead, until_on=TODAY)
    (row,) = keeping_rows.contract_ends()
    assert (row["due_at"], row["choice"]) == (datetime(2026, 6, 4, tzinfo=UTC), None)


def test_nothing_is_returned_to_who_wants_nothing(lead: Person) -> None:
    ending = ended(lead, Choice.ERASE)
    with pytest.raises(Refused, match="wants nothing returned"):
        endings.note_return(ending, by=lead, receipt=keep_file(b"x"))
    with pytest.raises(Refused, match="Erase them first"):
        endings.search_for_contract(ending, by=lead, data_set=declared(lead, "x")[0], found=0, protocol=keep_file(b"x"))


def test_a_data_set_is_kept_no_longer_than_its_category(lead: Person) -> None:
    declared(lead, "crm-people")
    DataCategory.objects.update(retention="6 months")
    with pytest.raises(Ill, match="kept for less"):
        declared(lead, "more")
    data_sets.end_data_set(DataSet.objects.get(), by=lead)
    assert list(keeping_rows.data_sets()) == []


def test_a_temporary_place_has_a_limit(lead: Person) -> None:
    system(lead)
    said = {"title": "Exports", "owner": "E-lea", "system": "crm", "place": "/srv/exports", "how": "A job."}
    data_sets.declare_temporary_place(by=lead, name="exports", keep_for=Span(2, "day"), **said)
    assert [each["keep_for"] for each in keeping_rows.temporary_places()] == [timedelta(days=2)]
    data_sets.end_temporary_place(TemporaryPlace.objects.get(), by=lead)
    assert list(keeping_rows.temporary_places()) == []


def demanded(lead: Person) -> LegalRequest:
    acme = take_on(lead, "acme")
    said = {"authority": "A court", "country": "de", "owner": "E-lea", "what": "All mails.", "document": keep_file(b"An order.")}
    return demands.receive_demand(acme, by=lead, **said)


GIVEN = {"what": "Two mails.", "data_categories": ["contacts"]}


def test_a_binding_demand_is_told_before_anything_is_disclosed(lead: Person, dora: Person) -> None:
    demand = demanded(lead)
    with pytest.raises(Refused, match="Nobody assessed yet"):
        demands.disclose(demand, by=lead, **GIVEN)
    demand = demands.assess_demand(demand, by=dora, binding=True, why="A court of ours.")
    with pytest.raises(Refused, match="binds us"):
        demands.reject_demand(demand, by=lead)
    with pytest.raises(SamePerson):
        demands.disclose(demand, by=dora, **GIVEN)
    with pytest.raises(Refused, match="The customer was not told yet"):
        demands.disclose(demand, by=lead, **GIVEN)
    demand = demands.notify_of_demand(demand, by=dora, notice=keep_file(b"A letter."))
    disclosed = demands.disclose(demand, by=lead, **GIVEN)
    assert (disclosed.basis, disclosed.recipient) == (DisclosureBasis.LAW, "A court")
    (row,) = disclosing_rows.legal_requests()
    assert (row["binding"], row["disclosed_at"], row["notified_at"]) == (True, clock.now(), clock.now())


def test_what_a_law_forbids_to_tell_is_not_told_until_then(lead: Person, dora: Person) -> None:
    with pytest.raises(Ill, match="which law"):
        demands.assess_demand(demanded(lead), by=dora, binding=True, why="x", prohibited_until_on=date(2026, 6, 1))
    law = {"prohibition": "An act.", "prohibited_until_on": date(2026, 5, 10)}
    demand = demands.assess_demand(LegalRequest.objects.get(), by=dora, binding=True, why="x", **law)
    with pytest.raises(Refused, match="A law forbids"):
        demands.notify_of_demand(demand, by=dora, notice=keep_file(b"x"))
    demands.disclose(demand, by=lead, **GIVEN)
    with clock.at(datetime(2026, 5, 11, 9, tzinfo=UTC)):
        demands.notify_of_demand(fresh(demand), by=dora, notice=keep_file(b"x"))


def test_what_binds_nobody_is_rejected_or_takes_the_customers_yes(lead: Person, dora: Person) -> None:
    demand = demands.assess_demand(demanded(lead), by=dora, binding=False, why="A letter, no order.")
    with pytest.raises(Refused, match="the customer has not agreed"):
        demands.disclose(demand, by=lead, **GIVEN)
    demand = demands.note_authorisation(demand, by=dora, letter=keep_file(b"Yes."))
    assert demands.disclose(demand, by=lead, **GIVEN).basis == DisclosureBasis.AUTHORISED
    with pytest.raises(Refused, match="disclosed already"):
        demands.reject_demand(fresh(demand), by=lead)


def test_a_rejected_demand_is_over(lead: Person, dora: Person) -> None:
    demand = demands.reject_demand(demands.assess_demand(demanded(lead), by=dora, binding=False, why="x"), by=lead)
    with pytest.raises(Refused, match="It was rejected"):
        demands.disclose(demand, by=lead, **GIVEN)


def test_other_disclosures_are_noted(lead: Person) -> None:
    categorise(lead)
    said = {"recipient": "Auditors", "owner": "E-lea", **GIVEN}
    demands.note_data_disclosure(by=lead, basis=DisclosureBasis.INSTRUCTION, export="x1", **said)
    with pytest.raises(Ill, match="disclose from there"):
        demands.note_data_disclosure(by=lead, basis=DisclosureBasis.LAW, **said)
    assert [(each["recipient"], each["export_id"]) for each in disclosing_rows.disclosures()] == [("Auditors", "x1")]


def test_a_transmission_arrives_as_the_recipient_says(lead: Person) -> None:
    said = {"recipient": "Acme", "what": "An export.", "channel": Channel.SFTP, "owner": "E-lea"}
    with pytest.raises(Ill, match="64 digits"):
        transmitting.note_transmission(by=lead, digest="abc", **said)
    sent = transmitting.note_transmission(by=lead, digest="A" * 64, **said)
    with pytest.raises(Ill, match="before it was sent"):
        transmitting.confirm_arrival(sent, by=lead, received_by="Acme", digest="a" * 64, at=clock.now() - timedelta(hours=1))
    transmitting.confirm_arrival(sent, by=lead, received_by="Acme", digest="b" * 64)
    (row,) = disclosing_rows.transmissions()
    assert (row["digest"], row["received_digest"], row["received_by"]) == ("a" * 64, "b" * 64, "Acme")
