"""Registers in the browser: Alice owns, Bob audits, Charlie is a stranger; Lea leads."""

from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import World, account, browser, person, world

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.models import Step
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction
from upheld.registers.governance.models import Contact, ContactKind, Jurisdiction, Part, Responsibility
from upheld.registers.governance.policies import (
    acknowledge_policy,
    approve_policy,
    declare_policy,
    draft_policy,
    publish_policy,
    submit_policy,
)
from upheld.registers.governance.policy_models import Audience, PolicyKind, PolicyVersion
from upheld.registers.governance.responsibilities import change_responsibility, declare_responsibility, give_responsibility

MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def people(ledger: object) -> World:
    return world(audits=("chapter", "governance"))


@pytest.fixture
def lea(people: World) -> Account:
    return account("lea", Role.SECURITY_LEAD)


def contact(lea: Account, title: str = "Police", holder: str = "P-alice") -> Contact:
    by = person(lea)
    germany = Jurisdiction.objects.first() or enter_jurisdiction(by=by, code="de", title="Germany", from_on=date(2020, 1, 1))
    return add_contact(by=by, kind=ContactKind.POLICE, title=title, how="110", holder=holder, jurisdiction=germany)


def url(record: Contact) -> str:
    return f"/registers/governance/contact/{record.pk}/"


def told(answer: object) -> str:
    return unescape(answer.content.decode())


def test_who_sees_which_record(people: World, lea: Account) -> None:
    hers, other = contact(lea), contact(lea, "Fire", "P-eve")
    for who, seen in ((lea, {200}), (people.alice, {200, 404})):
        assert {browser(who).get(url(each)).status_code for each in (hers, other)} == seen
    assert browser(people.alice).get(url(hers)).status_code == 200
    assert browser(people.charlie).get(url(hers)).status_code == 403
    listed = told(browser(people.alice).get("/registers/governance/contact/"))
    assert "Police" in listed and "Fire" not in listed


def test_a_form_is_filled_in_and_the_record_is_there(lea: Account) -> None:
    lead = browser(lea)
    page = told(lead.get("/act/governance.enter-jurisdiction/"))
    assert 'name="code"' in page and "a short code, as in de or us-ca".capitalize() in page
    answer = lead.post("/act/governance.enter-jurisdiction/", {"code": "de", "title": "Germany", "from_on": "2020-01-01", "key": "k"})
    assert (answer.status_code, answer["Location"]) == (302, "/registers/governance/jurisdiction/1/")
    assert "Germany" in told(lead.get(answer["Location"]))
    again = lead.post("/act/governance.enter-jurisdiction/", {"code": "de", "title": "Germany", "from_on": "2020-01-01", "key": "k"})
    assert again["Location"] == answer["Location"] and Jurisdiction.objects.count() == 1


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(lea: Account) -> None:
    answer = browser(lea).post("/act/governance.enter-jurisdiction/", {"code": "No such", "title": MARKUP, "from_on": "3 May"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Use small letters" in page and "Write the day as in" in page and 'value="No such"' in page
    assert MARKUP not in page and "&lt;script&gt;" in page
    assert not Jurisdiction.objects.exists()


def test_a_crossing_edit_shows_what_the_other_changed_and_keeps_what_was_typed(lea: Account) -> None:
    made = contact(lea)
    said = {
        "title": "Police",
        "how": "112",
        "holder": "P-alice",
        "jurisdiction": str(made.jurisdiction_id),
        "record": str(made.pk),
        "seen": "1",
    }
    lead = browser(lea)
    assert lead.post("/act/governance.change-contact/", said | {"key": "a"}).status_code == 302
    answer = lead.post("/act/governance.change-contact/", said | {"how": "typed by me", "key": "b"})
    page = told(answer)
    assert answer.status_code == 409 and "was “110”, is now “112”" in page and "typed by me" in page and 'name="seen" value="2"' in page


def test_what_cannot_be_done_is_named_with_why(people: World, lea: Account) -> None:
    page = told(browser(people.alice).get(url(contact(lea))))
    assert "act/governance.verify-contact/?record=" in page
    assert "End contact takes the role dpo or security-lead." in page
    assert "One takes part in groups; this is an authority." in page


def test_an_auditor_reads_and_does_nothing(people: World, lea: Account) -> None:
    made = contact(lea)
    bob = browser(people.bob)
    assert bob.get("/registers/").status_code == 200
    assert bob.get("/act/governance.verify-contact/", {"record": made.pk}).status_code == 403
    assert bob.post("/act/governance.verify-contact/", {"record": made.pk}).status_code == 403
    assert Step.objects.count() == 2


def test_many_at_once(lea: Account) -> None:
    made = [contact(lea), contact(lea, "Fire")]
    answer = browser(lea).post("/act/governance.verify-contact/", {"record": [each.pk for each in made]})
    assert (answer.status_code, answer["Location"]) == (302, "/registers/governance/contact/")
    assert Contact.objects.exclude(verified_at=None).count() == 2


def test_a_list_asks_as_often_for_three_as_for_one(lea: Account) -> None:
    lead, counts = browser(lea), []
    for title in ("One", "Two", "Three"):
        made = contact(lea, title)
        with CaptureQueriesContext(connection) as listed:
            assert lead.get("/registers/governance/contact/").status_code == 200
        with CaptureQueriesContext(connection) as shown:
            assert lead.get(url(made)).status_code == 200
        counts.append((len(listed), len(shown)))
    assert len(set(counts)) == 1
    assert max(counts[0]) <= 15, counts


def policy(lea: Account, text: str = "# Access\n\nAsk within {{ governance.change_review_within }}.") -> PolicyVersion:
    max_, lead = person(account("max", Role.MANAGER)), person(lea)
    ceo = declare_responsibility(by=lead, name="ceo", title="Chief", purpose="all", management=True)
    give_responsibility(ceo, by=lead, person=max_.ref, part="accountable", from_on=date(2020, 1, 1))
    made = declare_policy(by=lead, name="access", kind=PolicyKind.POLICY, title="Access", owner="P-lea", audience=Audience.EVERYONE)
    draft = draft_policy(made, by=lead, text=text, summary="first")
    approve_policy(submit_policy(draft, by=lead), by=max_)
    return publish_policy(PolicyVersion.objects.get(pk=draft.pk), by=lead)


def test_a_policy_is_read_and_acknowledged_in_the_text_that_was_shown(lea: Account) -> None:
    version = policy(lea)
    reader = browser(account("eve", Role.EMPLOYEE))
    page = told(reader.get(f"/policies/{version.pk}/text/"))
    assert "<h1>Access</h1>" in page and "Ask within 30 days." in page and version.digest in page and "I read it" in page
    assert version.digest in told(reader.get("/act/governance.acknowledge-policy/", {"record": version.pk}))
    wrong = reader.post("/act/governance.acknowledge-policy/", {"record": version.pk, "digest": "0" * 64})
    assert wrong.status_code == 400 and "read it again" in told(wrong)
    answer = reader.post("/act/governance.acknowledge-policy/", {"record": version.pk, "digest": version.digest})
    assert answer.status_code == 302
    assert "I read it" not in told(reader.get(f"/policies/{version.pk}/text/"))


def test_what_a_writer_writes_stays_text(lea: Account) -> None:
    version = policy(lea, f"{MARKUP} [x](javascript:alert(1)) <img src=x onerror=alert(1)>")
    page = browser(lea).get(f"/policies/{version.pk}/text/").content.decode()
    assert MARKUP not in page and "<img" not in page and 'href="javascript' not in page


def test_two_versions_side_by_side(lea: Account) -> None:
    first = policy(lea)
    second = draft_policy(first.policy, by=person(lea), text="# Access\n\nAsk first.", summary="shorter")
    page = told(browser(lea).get(f"/policies/{first.pk}/against/{second.pk}/"))
    assert "<del>Ask within {{ governance.change_review_within }}.</del>" in page and "<ins>Ask first.</ins>" in page


def test_a_parameter_that_changed_since_shows(lea: Account, ledger: object) -> None:
    version = policy(lea)
    ledger.parameters.write_text('[governance]\nchange_review_within = "14 days"\n')
    page = told(browser(lea).get(f"/policies/{version.pk}/text/"))
    assert "Ask within 30 days." in page and "publish it again" in page


def test_a_record_that_only_sql_made_says_so(lea: Account) -> None:
    Jurisdiction(code="fr", title="France", from_on=date(2020, 1, 1), version=1, salt="00" * 16).save()
    assert "behind its back" in told(browser(lea).get("/registers/governance/jurisdiction/1/"))


def test_acknowledging_twice_is_refused(lea: Account) -> None:
    version = policy(lea)
    acknowledge_policy(version, by=person(lea), digest=version.digest)
    answer = browser(lea).post("/act/governance.acknowledge-policy/", {"record": version.pk, "digest": version.digest, "key": "z"})
    assert answer.status_code == 409 and "You acknowledged it already." in told(answer)


def test_an_upload_of_100_mb_is_refused_before_it_is_read(lea: Account) -> None:
    body = SimpleUploadedFile("letter.pdf", b"x")
    answer = browser(lea).post("/act/governance.give-responsibility/", {"appointment": body, "record": "1"}, CONTENT_LENGTH="100000000")
    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["9" * 30, "0", str(2**63)])
def test_addresses_of_nothing(lea: Account, number: str) -> None:
    lead = browser(lea)
    for path in (f"/registers/governance/contact/{number}/", f"/policies/{number}/text/", f"/findings/{number}/"):
        assert lead.get(path).status_code == 404, path
    assert lead.get("/act/governance.verify-contact/", {"record": number}).status_code == 404
    assert lead.get("/registers/governance/contact/", {"q": number, "page": number}).status_code == 200


def test_a_draft_is_read_by_those_who_work_on_it_and_the_management_decides_what_it_sees(people: World, lea: Account) -> None:
    by, boss = person(lea), account("bo", Role.MANAGER)
    managing = declare_responsibility(by=by, name="managing", title="Managing", purpose="Decides")
    give_responsibility(managing, by=by, person="P-bo", part=Part.ACCOUNTABLE, from_on=date(2026, 1, 1))
    policy = declare_policy(by=by, name="x", kind=PolicyKind.POLICY, title="X", owner="P-alice", audience=Audience.EVERYONE)
    version = draft_policy(policy, by=by, text="A secret plan", summary="new")
    text = f"/policies/{version.pk}/text/"
    clerk = account("eve", Role.EMPLOYEE)
    readers = {"lea": lea, "alice": people.alice, "bo": boss, "eve": clerk}

    def read() -> set[str]:
        return {name for name, who in readers.items() if "A secret plan" in told(browser(who).get(text))}

    assert read() == {"lea", "alice"}
    assert "X, version 1" not in told(browser(clerk).get("/registers/governance/policyversion/"))
    submit_policy(PolicyVersion.objects.get(), by=by)
    assert read() == {"lea", "alice"}  # the responsibility is none of the management's
    change_responsibility(Responsibility.objects.get(), by=by, title="Managing", purpose="Decides", management=True, programme=True)
    assert read() == {"lea", "alice", "bo"}
    approve_policy(PolicyVersion.objects.get(), by=person(boss))
    publish_policy(PolicyVersion.objects.get(), by=by)
    assert read() == {"lea", "alice", "bo", "eve"}


def test_a_customers_contact_sees_a_page_of_their_own_and_nothing_else(people: World) -> None:
    contact = account("carl", Role.CUSTOMER, over=("customer", "acme"))
    page = browser(contact)
    assert page.get("/").headers["Location"] == "/yours/"
    assert "You are here for acme." in told(page.get("/yours/")) and "Nothing is shared with you here yet" in told(page.get("/yours/"))
    for path in ("/documents/", "/registers/", "/registers/privacy/customer/", "/evidence/", "/ledger/", "/findings/", "/coverage/"):
        assert page.get(path).status_code == 403, path
    assert page.get("/search/?q=acme").status_code == 403
