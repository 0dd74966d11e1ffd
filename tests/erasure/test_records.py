"""Records that people keep: rewritten without whoever is erased, with step and entry, so that they are as the ledger recorded them."""

from datetime import date
from uuid import NAMESPACE_DNS, uuid5

import pytest
from django.db import connection
from tests.erasure.company import BOB, DAY, MONDAY, RITA, Company, everywhere, forget_rita
from tests.erasure.test_erase_commands import Terminal, run  # noqa: F401
from tests.world import outsider, person

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.models import Call, Step
from upheld.actions.redacting import REDACTED
from upheld.duties.models import Occurrence
from upheld.duties.occurrences import materialise
from upheld.erasure.known import Meant
from upheld.erasure.plan import plan
from upheld.erasure.reapplying import reapply
from upheld.ledger.entry import SYSTEM
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction, verify_contact
from upheld.registers.governance.models import Contact, ContactKind
from upheld.registers.incidents.reporting import report_event
from upheld.registers.privacy import customers
from upheld.registers.privacy.models import Customer
from upheld.registers.recorded import register_states
from upheld.registers.trust import sharing
from upheld.registers.trust.sharing_models import Agreed
from upheld.sources.belonging import text
from upheld.vault.keys import here

USER_NAME = "ritamarkerq"


def at_work(ref: str) -> Person:
    """Return the security lead of that number."""
    return Person(uuid5(NAMESPACE_DNS, ref), ref, ref, (Held(Role.SECURITY_LEAD),), "web")


@pytest.fixture
def contact(company: Company) -> Contact:
    """Return a contact that Rita holds and verified, in whose address her name stands too; Bob entered it."""
    rita, bob = at_work(RITA[1]), at_work(BOB[1])
    with clock.at(MONDAY + DAY):
        germany = enter_jurisdiction(by=bob, code="de", title="Germany", from_on=date(2020, 1, 1))
        how = "ask for Rita Markerquill, rita.markerquill@acme.example, on 110"
        made = add_contact(by=bob, kind=ContactKind.POLICE, title="Police", how=how, holder=RITA[1], jurisdiction=germany)
        return verify_contact(made, by=rita)


def wrong() -> list[str]:
    return [str(row["id"]) for row in register_states() if not row["as_recorded"]]


def test_records_keep_nothing_of_her_and_are_as_recorded(company: Company, contact: Contact) -> None:
    Call.objects.create(key="k", request="0" * 64, by=RITA[1], at=MONDAY, entry_id="-")
    with clock.at(MONDAY + DAY):
        others = {"title": "Ritter", "how": "markerq at example", "holder": BOB[1], "active_every": "6 months"}
        other = add_contact(by=at_work(BOB[1]), kind=ContactKind.CERT, **others)
    materialise(MONDAY + 400 * DAY)
    assert any(line.startswith("upheld.sqlite3") for line in everywhere(company))
    assert [each.record.reference for each in plan(RITA[1], here()).records] == [contact.reference]
    told = forget_rita()
    assert (told["deleted"]["records"], told["not_changed"], told["complete"]) == ({"governance.contact": 1}, {}, True)
    assert everywhere(company) == []
    before = contact.version
    contact.refresh_from_db()
    other.refresh_from_db()
    assert contact.holder == contact.verified_by != RITA[1]  # still one person, and nobody knows who
    assert contact.how.startswith("ask for erased-") and contact.how.endswith(", on 110")
    assert (other.version, other.holder, other.how) == (1, BOB[1], "markerq at example")
    assert (wrong(), [each.owes for each in Occurrence.objects.all()]) == ([], [BOB[1], contact.holder])
    assert {step.by for step in Step.objects.all()} == {BOB[1], contact.holder, "upheld"}
    assert Call.objects.get().by == contact.holder
    forgotten = Step.objects.filter(action=REDACTED)
    assert [(each.record, each.version, sorted(each.changes)) for each in forgotten.all()] == [
        (str(contact.pk), before + 1, ["holder", "how", "verified_by"])
    ]

    # Again, and it changes nothing; an older row that comes back is rewritten again.
    assert (reapply(restored=True).texts, forgotten.count()) == (0, 1)
    connection.cursor().execute("UPDATE registers_contact SET holder = %s WHERE id = %s", [RITA[1], contact.pk])
    assert wrong() == ["governance.contact", contact.reference]  # the control
    assert reapply(restored=True).texts == 1
    assert (everywhere(company), wrong(), forgotten.count()) == ([], [], 2)


def test_where_incidents_quote_a_log_her_name_before_a_hosts_goes_too(company: Company) -> None:
    bob, said = at_work(BOB[1]), "In the log auth: session of {0}@web1.acme.example, {0}%40web1 and uid={0},ou=people"
    with clock.at(MONDAY + DAY):
        event = report_event(by=bob, what=said.format(USER_NAME))
        other = add_contact(by=bob, kind=ContactKind.CERT, title="CERT", how=f"{USER_NAME}@db7", holder=BOB[1], active_every="6 months")
    person = plan(RITA[1], here()).person
    known = Meant(person, bytes(32))
    assert text(f"{USER_NAME}@supplier.example", known) == f"{USER_NAME}@supplier.example"  # somebody else's address for mail
    told = forget_rita()
    assert (told["complete"], everywhere(company)) == (True, [])
    event.refresh_from_db()
    other.refresh_from_db()
    token = other.how.removesuffix("@db7")
    assert token.startswith("erased-") and event.what.replace("%40", "@") == said.format(token).replace("%40", "@")
    assert wrong() == []


def test_a_plan_shows_what_will_stand_there(company: Company, contact: Contact, run: Terminal) -> None:  # noqa: F811
    said = run("erase", RITA[1], "--basis", "GDPR 17(1)(b)", "--dry-run")
    assert "governance.contact: 1 record rewritten, with an entry each" in said
    assert f"{contact.reference}  how: ask for Rita Markerquill, rita.markerquill@acme.example, on 110 -> ask for erased-" in said
    contact.refresh_from_db()
    assert contact.holder == RITA[1]


def test_somebody_from_outside_is_forgotten_in_what_they_agreed_to(company: Company) -> None:
    bob = at_work(BOB[1])
    with clock.at(MONDAY + DAY):
        customers.enter_customer(by=bob, name="shops", title="Shops", owner=BOB[1], from_on=date(2020, 1, 1))
        terms = sharing.publish_terms(by=bob, title="Confidentiality", text="You tell nobody.")
        account = outsider("zoe", Role.CUSTOMER, over=("customer", "shops"))
        account.name = "Zoe Mühlhausen"
        account.save(update_fields=["name"])
        shops = Customer.objects.get(name="shops")
        sharing.agree_to_terms(by=person(account), terms=terms, customer=shops, name="Zoe Mühlhausen, buyer", digest=terms.digest)
        giving.end(account, by=SYSTEM)
    reference = str(account.pk)
    told = forget_rita(who="zoe@example.org")
    agreed = Agreed.objects.get()
    assert told["complete"] and agreed.person != reference and "Zoe" not in agreed.name and agreed.name.endswith(", buyer")
    account.refresh_from_db()
    assert "Zoe" not in account.name and wrong() == []
