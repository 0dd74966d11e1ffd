"""Sub-processors and transfers: announced as each contract says, proven to have arrived, and started over nobody's objection."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from tests.mailbox import Mailbox, posted
from tests.registers.privacy.taken_on import TODAY, categorise, contact, fresh, supply, take_on

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.accounts.scope import scope
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.notices import delivering
from upheld.registers.privacy import announcing, contracts, sharing, sharing_rows
from upheld.registers.privacy.models import Authorisation, Clause, Customer, NoticeMode
from upheld.registers.privacy.objections import object as object_to
from upheld.registers.privacy.objections import settle_objection
from upheld.registers.privacy.sharing_models import (
    Announcement,
    Basis,
    Changes,
    CustomerNotice,
    Objection,
    Settlement,
    SubProcessor,
    Transfer,
)
from upheld.workspace import Workspace

LATER = TODAY + timedelta(days=31)
ON_THE_DAY = datetime(2026, 6, 4, 8, 0).astimezone()


@pytest.fixture
def box(ledger: Workspace) -> Iterator[Mailbox]:
    with posted(ledger) as mailbox:
        yield mailbox


def planned(lead: Person, **more: object) -> SubProcessor:
    supply(lead)
    categorise(lead)
    said = {"name": "host", "title": "Host Ltd", "supplier": "host", "owner": "E-lea", "purpose": "runs machines"}
    said |= {"data_categories": ["contacts"], "countries": ["de"], "flow_down": list(Clause), "terms": keep_file(b"terms")}
    return sharing.plan_subprocessor(by=lead, **{**said, **more})


def announced(host: SubProcessor, lead: Person, on: date = LATER) -> Announcement:
    return announcing.announce_subprocessor(host, by=lead, change=Changes.ADDITION, what="A new host.", planned_on=on)


def of(name: str) -> CustomerNotice:
    return CustomerNotice.objects.get(customer__name=name)


def test_a_new_subprocessor_is_announced_objected_to_settled_and_started(lead: Person, box: Mailbox) -> None:
    take_on(lead, "acme")
    take_on(lead, "brand")
    host = planned(lead)
    with pytest.raises(Refused, match="not announced"):
        sharing.start_subprocessor(host, by=lead, from_on=TODAY)
    announced(host, lead)
    assert delivering.deliver(clock.now()) == (2, 0)
    mail = next(each for each in box.mails() if each["To"] == "privacy@acme.example")
    for said in ("Host Ltd", "runs machines", "contacts", "de", "2026-06-04", "30 days before", "object"):
        assert said in mail.get_body(("plain",)).get_content(), said
    objection = object_to(of("acme"), by=contact("acme"), reasons="Not in Germany.")
    with clock.at(ON_THE_DAY):
        with pytest.raises(Refused, match="Acme objects; settle that first"):
            sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER)
        with pytest.raises(Ill, match="Only the customer withdraws"):
            settle_objection(objection, by=lead, settlement=Settlement.WITHDRAWN, how="They will not mind.")
        with pytest.raises(Ill, match="all else is for the other side"):
            settle_objection(objection, by=contact("acme"), settlement=Settlement.DROPPED, how="No.")
        settle_objection(objection, by=contact("acme"), settlement=Settlement.WITHDRAWN, how="Encrypted now.")
        host = sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER)
        assert (host.started_on, Announcement.objects.get().done_on) == (LATER, LATER)
        assert {row["used_from_on"] for row in sharing_rows.shared_customers()} == {LATER}
        assert [(row["customer_id"], row["done_on"]) for row in sharing_rows.announced_changes()] == [("acme", LATER), ("brand", LATER)]


def test_a_customer_that_is_left_out_no_longer_stands_in_the_way(lead: Person, box: Mailbox) -> None:
    take_on(lead, "acme")
    host = planned(lead)
    announced(host, lead)
    delivering.deliver(clock.now())
    objection = object_to(of("acme"), by=lead, reasons="By telephone.")
    settle_objection(objection, by=lead, settlement=Settlement.EXCLUDED, how="Stays where it is.")
    with clock.at(ON_THE_DAY):
        assert sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER).excluded == ["acme"]
        assert list(sharing_rows.shared_customers()) == []


def test_a_bounce_is_no_notice_and_the_period_counts_from_the_one_that_arrives(lead: Person, box: Mailbox) -> None:
    acme = take_on(lead, "acme")
    host = planned(lead)
    announced(host, lead)
    assert [row["delivered_at"] for row in sharing_rows.customer_notices()] == [None]  # on its way
    delivering.deliver(clock.now())
    assert [row["delivered_at"] for row in sharing_rows.customer_notices()] == [clock.now()]
    announcing.note_bounce(of("acme"), by=lead, why="550 no such mailbox")
    assert [row["delivered_at"] for row in sharing_rows.customer_notices()] == [None]
    with clock.at(ON_THE_DAY):
        with pytest.raises(Refused, match="Nothing proves that Acme was told"):
            sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER)
        customers_address(acme, lead, "dpo@acme.example")
        announcing.send_again(of("acme"), by=lead)
        delivering.deliver(clock.now())
        assert [each["To"] for each in box.mails()] == ["privacy@acme.example", "dpo@acme.example"]
        with pytest.raises(Refused, match="must be told 30 days before: not before 2026-07-05"):
            sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER)
    with clock.at(ON_THE_DAY + timedelta(days=31)):
        assert sharing.start_subprocessor(fresh(host), by=lead, from_on=date(2026, 7, 5)).started_on == date(2026, 7, 5)


def customers_address(acme: Customer, lead: Person, address: str) -> None:
    from upheld.registers.privacy.customers import change_customer

    change_customer(fresh(acme), by=lead, title="Acme", owner="E-lea", notice_address=address)


def test_a_mail_that_its_server_refuses_told_nobody(lead: Person, box: Mailbox) -> None:
    take_on(lead, "gone", address="gone@acme.example")
    host = planned(lead)
    announced(host, lead)
    assert delivering.deliver(clock.now()) == (0, 1)
    with clock.at(ON_THE_DAY), pytest.raises(Refused, match="Nothing proves that Gone was told"):
        sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER)


def test_letters_and_own_pages_are_proven_otherwise(lead: Person) -> None:
    take_on(lead, "acme", notice_mode=NoticeMode.LETTER)
    take_on(lead, "brand", notice_mode=NoticeMode.PAGES)
    announced(planned(lead), lead)
    with pytest.raises(Ill, match="cannot have arrived before"):
        announcing.note_receipt(of("acme"), by=lead, receipt=keep_file(b"signed"), at=clock.now() - timedelta(hours=1))
    announcing.note_receipt(of("acme"), by=lead, receipt=keep_file(b"signed"))
    with pytest.raises(Refused, match="otherwise than by letter"):
        announcing.note_receipt(of("brand"), by=lead, receipt=keep_file(b"signed"))
    with pytest.raises(Refused, match="Only somebody of Brand"):
        announcing.acknowledge_notice(of("brand"), by=lead)
    with pytest.raises(NotAllowed, match="There is no notice"):
        announcing.acknowledge_notice(of("brand"), by=contact("acme"))
    announcing.acknowledge_notice(of("brand"), by=contact("brand"))
    assert [row["delivered_at"] for row in sharing_rows.customer_notices()] == [clock.now()] * 2


def test_who_must_say_yes_first_and_who_lets_nobody(lead: Person, box: Mailbox) -> None:
    take_on(lead, "acme", authorisation=Authorisation.SPECIFIC, subprocessor_notice=None)
    brand = take_on(lead, "brand", authorisation=Authorisation.NONE, subprocessor_notice=None)
    host = planned(lead)
    with pytest.raises(Refused, match="nobody else process the data of Brand"):
        announced(host, lead)
    assert not CustomerNotice.objects.exists()
    said = {"title": "Host Ltd", "owner": "E-lea", "purpose": "x", "data_categories": ["contacts"], "countries": ["de"]}
    host = sharing.change_planned_subprocessor(host, by=lead, customers=["acme"], **said)
    announced(host, lead)
    with pytest.raises(Refused, match="drop the announcement first"):
        sharing.change_planned_subprocessor(host, by=lead, customers=[], **said)
    delivering.deliver(clock.now())
    with clock.at(ON_THE_DAY):
        with pytest.raises(Refused, match="has not authorised it"):
            sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER)
        with pytest.raises(Refused, match="Only somebody of Acme can authorise this without a letter"):
            announcing.authorise_notice(of("acme"), by=lead)
        announcing.authorise_notice(of("acme"), by=contact("acme"))
        assert sharing.start_subprocessor(fresh(host), by=lead, from_on=LATER).started_on == LATER
    assert brand.name not in {row["customer_id"] for row in sharing_rows.shared_customers()}


def test_no_day_that_comes_too_soon_is_announced_and_none_started_ahead_of_it(lead: Person, box: Mailbox) -> None:
    take_on(lead, "acme", subprocessor_notice=Span(60, "day"))
    host = planned(lead)
    with pytest.raises(Ill, match="must be told 60 days before: this cannot be before 2026-07-04"):
        announced(host, lead)
    announced(host, lead, date(2026, 7, 4))
    for day, why in ((date(2026, 7, 4), "This day lies ahead"), (TODAY, "Customers were told of 2026-07-04")):
        with pytest.raises(Ill, match=why):
            sharing.start_subprocessor(host, by=lead, from_on=day)


def test_terms_pass_on_what_contracts_say(lead: Person) -> None:
    take_on(lead, "acme", clauses=[Clause.AUDIT, Clause.SECURITY])
    host = planned(lead, flow_down=[Clause.SECURITY])
    with pytest.raises(Refused, match="do not pass on what contracts with customers say: audit"):
        sharing.start_subprocessor(host, by=lead, from_on=TODAY)
    without = planned(lead, name="bare", terms=None)
    with pytest.raises(Refused, match="signed terms are not kept"):
        sharing.start_subprocessor(without, by=lead, from_on=TODAY)


def test_whom_the_contract_names_needs_no_notice_but_of_changes(lead: Person, box: Mailbox) -> None:
    host = planned(lead)
    take_on(lead, "acme", agreed_to=["host"])
    announced(host, lead, TODAY)
    assert not CustomerNotice.objects.exists()
    host = sharing.start_subprocessor(host, by=lead, from_on=TODAY)
    (row,) = sharing_rows.shared_customers()
    assert (row["agreed_on"], list(sharing_rows.announced_changes())) == (TODAY, [])
    with pytest.raises(Ill, match="what is not yet is an addition"):
        announced(host, lead)
    announcing.announce_subprocessor(host, by=lead, change=Changes.CHANGE, what="Another hall.", planned_on=LATER)
    assert [each.customer.name for each in CustomerNotice.objects.all()] == ["acme"]


def test_a_contract_names_only_what_there_is(lead: Person) -> None:
    with pytest.raises(Ill, match="no sub-processor or transfer called host"):
        take_on(lead, "acme", agreed_to=["host"])


def test_another_basis_is_carried_out_once_customers_know(lead: Person, box: Mailbox) -> None:
    take_on(lead, "acme")
    said = {"title": "Desk", "owner": "E-lea", "recipient": "Desk Ltd", "purpose": "reads", "data_categories": ["contacts"]}
    with pytest.raises(Ill, match="add the assessment"):
        sharing.plan_transfer(by=lead, name="desk", countries=["us"], basis=Basis.CLAUSES, **said)
    desk = sharing.plan_transfer(by=lead, name="desk", countries=["us"], basis=Basis.ADEQUACY, **said)
    first = announcing.announce_transfer(desk, by=lead, change=Changes.ADDITION, what="A desk.", planned_on=LATER)
    delivering.deliver(clock.now())
    with pytest.raises(Refused, match="not in use yet"):
        sharing.carry_out(first, by=lead, from_on=TODAY)
    with clock.at(ON_THE_DAY):
        desk = sharing.start_transfer(fresh(desk), by=lead, from_on=LATER)
        said_anew = {"change": Changes.CHANGE, "what": "Adequacy fell.", "planned_on": date(2026, 7, 5), "basis": Basis.CLAUSES}
        change = announcing.announce_transfer(desk, by=lead, **said_anew)
        with pytest.raises(Refused, match="Nothing proves"):
            sharing.carry_out(change, by=lead, from_on=LATER)
        delivering.deliver(clock.now())
    with clock.at(ON_THE_DAY + timedelta(days=31)):
        sharing.carry_out(fresh(change), by=lead, from_on=date(2026, 7, 5))
    assert Transfer.objects.get().basis == Basis.CLAUSES


def test_a_customers_people_see_their_own_alone(lead: Person) -> None:
    for name in ("acme", "brand"):
        take_on(lead, name, notice_mode=NoticeMode.LETTER)
    announced(planned(lead), lead)
    object_to(of("brand"), by=lead, reasons="No.")
    for model, seen in ((CustomerNotice, ["acme"]), (Objection, []), (SubProcessor, []), (Customer, [])):
        found = scope(contact("acme"), Verb.SEE, model._default_manager.all(), model.ties, thing=model.thing)
        assert [each.customer.name for each in found] == seen, model
    with pytest.raises(NotAllowed):
        object_to(of("brand"), by=contact("acme"), reasons="For them.")
    with pytest.raises(NotAllowed):
        contracts.end_contract(of("acme").customer.contracts.get(), by=contact("acme"), until_on=TODAY)


def test_the_list_of_destinations(lead: Person) -> None:
    first = sharing.publish_destination(by=lead, country="de", why="Machines.")
    with pytest.raises(Ill, match="on the list already"):
        sharing.publish_destination(by=lead, country="de", why="Again.")
    sharing.publish_destination(by=lead, country="in", why="A desk.", organisation="Desk Ltd")
    sharing.withdraw_destination(first, by=lead)
    assert [(row["country"], row["organisation"]) for row in sharing_rows.published_destinations()] == [("in", "Desk Ltd")]


def test_what_customers_told_otherwise_can_wrong(lead: Person) -> None:
    take_on(lead, "acme", address="")
    with pytest.raises(Refused, match="nobody knows its address"):
        announced(planned(lead), lead)
    with pytest.raises(Ill, match="no mail address"):
        take_on(lead, "other", address="not an address")
