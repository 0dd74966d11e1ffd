"""The audit workspace: who sees which audit, what each may do there, and that it asks as often for three as for one."""

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import World, account, browser, person, world

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.registers.compliance.audit_models import Audit, Chapter, Grade, Kind
from upheld.registers.compliance.audits import plan_audit, start_audit
from upheld.registers.compliance.requests import ask_auditee, raise_finding

TODAY = date(2026, 5, 4)
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def people(ledger: object) -> World:
    return world(audits=("chapter", "compliance"))


@pytest.fixture
def lea(people: World) -> Account:
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def max_(people: World) -> Account:
    """Max, who audits."""
    return account("max", Role.EMPLOYEE)


def planned(lea: Account, name: str = "iso") -> Audit:
    period = {"period_from_on": date(2026, 1, 1), "period_until_on": TODAY, "planned_from_on": TODAY, "planned_until_on": TODAY}
    said = {"title": f"Audit {name}", "kind": Kind.INTERNAL, "criteria": MARKUP, "chapters": [Chapter.BACKUP], "lead": "P-max"}
    return plan_audit(by=person(lea), name=name, **said, **period)


def filled(lea: Account, max_: Account, items: int = 1) -> Audit:
    audit = start_audit(planned(lea), by=person(max_))
    more(audit, max_, items)
    return audit


def more(audit: Audit, max_: Account, items: int) -> None:
    for number in range(items):
        ask_auditee(audit, by=person(max_), person="P-alice", what=f"the log {number}", due_on=TODAY)
        raise_finding(audit, by=person(max_), grade=Grade.MINOR, what=f"late {number}", person="P-alice", due_on=TODAY)


def told(answer: object) -> str:
    return unescape(answer.content.decode())


def test_who_sees_the_audit(people: World, lea: Account, max_: Account) -> None:
    path = f"/audits/{filled(lea, max_).pk}/"
    seen = {each.name: browser(each).get(path).status_code for each in (lea, max_, people.alice, people.bob, people.charlie)}
    assert seen == {"Lea": 200, "Max": 200, "Alice": 404, "Bob": 200, "Charlie": 403}
    assert "Audit iso" in told(browser(max_).get("/audits/"))
    assert "no audit that you may see" in told(browser(people.alice).get("/audits/"))


def test_what_each_may_do_there(people: World, lea: Account, max_: Account) -> None:
    path = f"/audits/{filled(lea, max_).pk}/"
    for_max, for_lea, for_bob = (told(browser(each).get(path)) for each in (max_, lea, people.bob))
    assert "compliance.ask-auditee/?record=" in for_max and "measure=backup" in for_max and "compliance.report-audit/" in for_max
    assert "compliance.staff-audit/" in for_lea and "compliance.answer-request/" not in for_lea
    assert "/act/" not in for_bob
    assert MARKUP not in browser(max_).get(path).content.decode()


def test_the_programme_says_what_was_never_covered(lea: Account) -> None:
    planned(lea)
    page = told(browser(lea).get("/audits/"))
    assert "backup: <b>never</b>" in page and "compliance.plan-audit" in page


def test_it_asks_as_often_for_three_as_for_one(lea: Account, max_: Account) -> None:
    audit, counts, max_here = filled(lea, max_), [], browser(max_)
    for _ in range(3):
        more(audit, max_, 1)
        with CaptureQueriesContext(connection) as shown:
            assert max_here.get(f"/audits/{audit.pk}/").status_code == 200
        counts.append(len(shown))
    assert len(set(counts)) == 1 and counts[0] <= 15, counts


def test_addresses_of_nothing(lea: Account) -> None:
    assert browser(lea).get(f"/audits/{2**63}/").status_code == 404
    assert browser(lea).get("/audits/", {"page": "9" * 30}).status_code == 200
