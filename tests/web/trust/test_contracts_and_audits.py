"""What a customer sees of its contract, and its audits of us with their clocks; and nothing of another customer's by guessed numbers."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client
from tests.web.trust.test_public_site import text
from tests.web.trust.test_questionnaires import zoe
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.registers.owing import interval
from upheld.registers.privacy import categories, contracts, information
from upheld.registers.privacy.models import Authorisation, Contract, Customer, NoticeMode
from upheld.registers.trust import customer_audits
from upheld.registers.trust.asked_models import CustomerAudit, How

__all__ = ["zoe"]
SIGNED = date(2026, 5, 1)


def signed(lead, customer: str, **more) -> Contract:
    said = {"title": f"Terms with {customer}", "signed_on": SIGNED, "from_on": SIGNED, "document": keep_file(customer.encode())}
    said |= {"processes_personal_data": True, "authorisation": Authorisation.GENERAL, "data_categories": ["buyers"]}
    said |= {"subprocessor_notice": Span(45, "day"), "notice_mode": NoticeMode.PAGES, "breach_notice": Span(24, "hour")}
    return contracts.enter_contract(Customer.objects.get(name=customer), by=lead, **said | more)


@pytest.fixture
def contract(zoe, lead) -> Contract:
    """What was agreed with Shops: the promises of acme, version 3."""
    categories.enter_data_category(by=lead, name="buyers", title="Buyers", what="names", personal=True, of_customers=True, owner="P-lea")
    return signed(lead, "shops", annex="acme")


def test_a_customer_reads_its_contracts_promises_notices_and_deadlines(zoe: Client, contract, lead):
    assert contract.annex_version == "3"
    said = text(zoe.get(f"/yours/shops/contracts/{contract.pk}/"))
    assert "Of a new sub-processor, before it starts 45 days" in said and "Of a breach, after we know of it 24 hours" in said
    ours = interval("privacy", "information_window")
    assert f"Answers to your questions {ours} the contract does not say; this is what we keep to" in said
    assert "on these pages" in said and "How Acme protects data, version 3: 4 promises." in said
    assert "Accounts of people who leave are closed on their last day. ✕ broken 2 May 2026" in said
    assert "not yet checked against the signed text" in said
    with pytest.raises(Ill, match="No such version"):
        signed(lead, "shops", annex="acme", annex_version="9")
    with pytest.raises(Ill, match="published after that day"):
        signed(lead, "shops", annex="acme", signed_on=date(2020, 1, 1), from_on=date(2020, 1, 1))


def test_nothing_of_another_customer_is_there_by_any_number(zoe: Client, contract, lead, stranger):
    theirs = signed(lead, "brand")
    brand = Customer.objects.get(name="brand")
    days = {"from_on": SIGNED + timedelta(days=20), "until_on": SIGNED + timedelta(days=30)}
    audit = customer_audits.note_audit_request(brand, by=lead, title="Brand's own audit", what="All", how=How.REMOTE, **days)
    for path in (
        f"/yours/brand/contracts/{theirs.pk}/",
        f"/yours/shops/contracts/{theirs.pk}/",
        f"/yours/brand/contracts/{contract.pk}/",
        "/yours/shops/contracts/999/",
        f"/registers/trust/customeraudit/{audit.pk}/",
        f"/registers/privacy/informationrequest/{audit.request_id}/",
    ):
        assert (zoe.get(path).status_code, stranger.get(path).status_code) == (404, 302), path
    assert "Brand" not in text(zoe.get("/yours/"))
    somebody = person(account("yan", Role.CUSTOMER, over=("customer", "shops")))
    for do in (customer_audits.agree_to_audit_days, customer_audits.close_customer_audit):
        with pytest.raises(NotAllowed):
            do(audit, by=somebody)
    with pytest.raises(NotAllowed):
        customer_audits.ask_for_audit(by=somebody, customer=brand, title="x", what="y", how=How.REMOTE, **days)


def again() -> Client:
    """Zoe, who signed in just now."""
    return browser(Account.objects.get(mail="zoe@example.org"))


def yours() -> str:
    return text(again().get("/yours/")).replace(" .", ".").replace(" :", ":")


def test_an_audit_runs_from_the_customers_wish_to_our_answer_with_a_clock_each_time(zoe: Client, contract, lead, noon):
    asked = {"customer": Customer.objects.get(name="shops").pk, "title": "Audit", "what": "Backups.", "how": "on-site"}
    done = again().post("/act/trust.ask-for-audit/", asked | {"from_on": "2026-06-01", "until_on": "2026-06-30", "key": "1"})
    assert done.status_code == 302, done.content
    audit, xia = CustomerAudit.objects.get(), person(account("xia", Role.CUSTOMER, over=("customer", "shops")))
    due = audit.request.due_at
    assert "days proposed by" in yours() and "You would like 1 June 2026 to 30 June 2026." in yours()
    with clock.at(due + timedelta(days=1)):
        assert "late" in yours()
    days = {"agreed_from_on": date(2026, 6, 8), "agreed_until_on": date(2026, 6, 9)}
    customer_audits.propose_audit_days(audit, by=lead, terms="At our office.", **days)
    audit = CustomerAudit.objects.get()
    assert audit.request.answered_at == noon and "8 June 2026 to 9 June 2026: At our office." in yours()
    assert again().post("/act/trust.agree-to-audit-days/", {"record": audit.pk, "key": "2"}).status_code == 302
    with pytest.raises(Refused, match="agreed to the days"):
        customer_audits.propose_audit_days(CustomerAudit.objects.get(), by=lead, terms="Elsewhere.", **days)
    with clock.at(noon + timedelta(days=40)):
        found = {"record": audit.pk, "held_on": "2026-06-09", "found": "One restore was not shown.", "key": "3"}
        assert again().post("/act/trust.report-customer-audit/", found).status_code == 302
        assert "answer due" in yours() and "Close it" not in yours()
        with pytest.raises(Refused, match="not answered"):
            customer_audits.close_customer_audit(CustomerAudit.objects.get(), by=xia)
        customer_audits.answer_customer_audit(CustomerAudit.objects.get(), by=lead, answer="It is shown now.")
        assert again().post("/act/trust.close-customer-audit/", {"record": audit.pk, "key": "4"}).status_code == 302
        assert "Closed on 13 June 2026." in yours()


def test_every_link_of_a_customers_pages_leads_somewhere(zoe: Client, contract, lead):
    shops = Customer.objects.get(name="shops")
    information.note_information_request(shops, by=lead, title="Where are backups?", what="In which country?")
    days = {"from_on": SIGNED + timedelta(days=20), "until_on": SIGNED + timedelta(days=30)}
    customer_audits.note_audit_request(shops, by=lead, title="Audit", what="All", how=How.REMOTE, **days)
    seen, todo = {}, ["/yours/"]
    while todo:
        path = todo.pop()
        if path not in seen and not path.startswith(("/static/", "/yours/trust/", "/sign-out/")):
            answer = zoe.get(path)
            seen[path] = answer.status_code
            html = answer.content.decode() if answer.headers["Content-Type"].startswith("text/html") else ""
            todo += [urljoin(path, unescape(link)).partition("#")[0] for link in re.findall(r'href="([^"]+)"', html)]
    assert {path: status for path, status in seen.items() if status not in (200, 302)} == {}
    assert sum(path.startswith("/registers/") for path in seen) >= 2 and any(path.startswith("/act/") for path in seen)
    record = zoe.get(next(path for path in seen if path.startswith("/registers/privacy/informationrequest/"))).content.decode()
    assert "What you cannot do here" not in record and 'href="/registers/"' not in record
