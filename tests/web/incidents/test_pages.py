"""Reporting, and the page of an incident: Alice leads one, Bob audits, Charlie is a stranger; Lea leads security."""

from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import World, account, browser, person, world

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.models import Step
from upheld.ledger.models import Outbox
from upheld.registers.incidents import handling
from upheld.registers.incidents.categories import declare_category
from upheld.registers.incidents.deciding import answer_reporter, decide_event, open_incident
from upheld.registers.incidents.models import Decision, Incident, IncidentCategory, ReportLink, SecurityEvent
from upheld.registers.incidents.reporting import MOST_BY_LINK, end_report_link, open_report_link

MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def people(ledger: object) -> World:
    return world(audits=("chapter", "incidents"))


@pytest.fixture
def lea(people: World) -> Account:
    return account("lea", Role.SECURITY_LEAD)


def told(answer: object) -> str:
    return unescape(answer.content.decode())


def opened(lea: Account, **more: object) -> Incident:
    by = person(lea)
    category = IncidentCategory.objects.first() or declare_category(by=by, name="malware", title="Malware")
    return open_incident(by=by, **{"title": MARKUP, "category": category, "severity": "high", "lead": "P-alice", **more})


def test_three_fields_and_it_is_reported(lea: Account, noon: datetime) -> None:
    ada = browser(account("ada", Role.EMPLOYEE))
    answer = ada.post("/report/", {"what": MARKUP, "kind": "weakness", "noticed_at": "2026-05-04T10:30", "key": "k"})
    again = ada.post("/report/", {"what": MARKUP, "kind": "weakness", "noticed_at": "2026-05-04T10:30", "key": "k"})
    assert answer["Location"] == again["Location"] == "/report/?reported=1"
    event = SecurityEvent.objects.get()
    assert (event.reporter, event.kind, event.noticed_at) == ("P-ada", "weakness", noon - timedelta(minutes=90))
    page = ada.get(answer["Location"]).content.decode()
    assert "number 1" in page and MARKUP not in page and "Somebody looks at it" in page
    decide_event(event, by=person(lea), decision=Decision.MEND, reason="true")
    answer_reporter(SecurityEvent.objects.get(), by=person(lea), words="Mended, thank you.")
    assert "Mended, thank you." in told(ada.get("/report/"))
    assert "number 1" not in told(browser(account("eve", Role.EMPLOYEE)).get("/report/?reported=1"))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(lea: Account) -> None:
    ada = browser(account("ada", Role.EMPLOYEE))
    answer = ada.post("/report/", {"what": "typed by me", "noticed_at": "2030-01-01T00:00"})
    assert answer.status_code == 400 and "lies in the future" in told(answer) and "typed by me" in told(answer)
    assert ada.post("/report/", {"what": ""}).status_code == 400
    assert not SecurityEvent.objects.exists()


def test_who_changes_nothing_reports_nothing(people: World) -> None:
    answer = browser(people.bob).post("/report/", {"what": "x"})
    assert answer.status_code == 403 and "takes the role" in told(answer)
    assert browser(None).get("/report/").status_code == 302


def address(lea: Account) -> str:
    page = told(browser(lea).get("/report/"))
    return page.split("http://testserver", 1)[1].split("<", 1)[0]


def test_a_link_lets_report_without_an_account(lea: Account) -> None:
    open_report_link(by=person(lea), title="Intranet", until_on=date(2026, 6, 1))
    link, nobody = address(lea), browser(None)
    answer = nobody.post(link, {"what": "The door is open.", "contact": "tel. 77"})
    assert "number 1" in told(nobody.get(answer["Location"]))
    event = SecurityEvent.objects.get()
    assert (event.reporter, event.contact, event.link_id) == ("", "tel. 77", 1)
    assert Step.objects.get(action="incidents.report-by-link", target=True).by == ReportLink.objects.get().visitor
    assert not any(b"The door is open" in bytes(data) for data in Outbox.objects.values_list("data", flat=True))
    assert "Addresses for reporting" not in told(browser(account("ada", Role.EMPLOYEE)).get("/report/"))


def test_a_link_that_is_shut_over_forged_or_used_elsewhere_is_no_address(lea: Account) -> None:
    made = open_report_link(by=person(lea), title="Intranet", until_on=date(2026, 6, 1), networks=["10.0.0.0/8"])
    link, nobody = address(lea), browser(None)
    assert nobody.get(link).status_code == 404
    assert nobody.get(link, REMOTE_ADDR="10.1.2.3").status_code == 200
    for forged in (link.replace("1:", "2:"), "/report/1:x/", "/report/1/", "/report/x:y/"):
        assert nobody.get(forged, REMOTE_ADDR="10.1.2.3").status_code == 404
    with clock.at(datetime(2026, 6, 2, tzinfo=clock.now().tzinfo)):
        assert nobody.get(link, REMOTE_ADDR="10.1.2.3").status_code == 404
    end_report_link(made, by=person(lea))
    assert nobody.get(link, REMOTE_ADDR="10.1.2.3").status_code == 404


def test_a_link_cannot_drown_what_others_report(lea: Account) -> None:
    open_report_link(by=person(lea), title="Intranet", until_on=date(2026, 6, 1))
    link, nobody = address(lea), browser(None)
    said = {"kind": "event", "what": "x", "noticed_at": clock.now(), "reported_at": clock.now()}
    SecurityEvent.objects.bulk_create(SecurityEvent(link_id=1, version=1, salt="00", **said) for _ in range(MOST_BY_LINK))
    answer = nobody.post(link, {"what": "one more"})
    assert answer.status_code == 429 and "one more" in told(answer) and "within the hour" in told(answer)


def test_who_sees_which_incident(people: World, lea: Account) -> None:
    hers, other = opened(lea), opened(lea, lead="P-eve")
    second = account("sam", Role.EMPLOYEE)
    handling.hand_over_incident(other, by=person(lea), lead="P-eve", second="P-sam")
    seen = {
        who.name: [browser(who).get(f"/incidents/{each.pk}/").status_code for each in (hers, other)]
        for who in (lea, people.alice, people.bob, people.charlie, second)
    }
    assert seen == {"Lea": [200, 200], "Alice": [200, 404], "Bob": [200, 200], "Charlie": [403, 403], "Sam": [404, 200]}


def test_the_page_shows_clocks_and_what_may_be_done_now(people: World, lea: Account) -> None:
    incident = opened(lea)
    page = browser(people.alice).get(f"/incidents/{incident.pk}/").content.decode()
    assert MARKUP not in page and "act/incidents.acknowledge-incident" in page and "in 4 h 00 min" in page
    assert "act/incidents.close-incident" not in page and "Resolve it first." in page
    assert "act/" not in browser(people.bob).get(f"/incidents/{incident.pk}/").content.decode()
    with clock.at(clock.now() + timedelta(hours=5)):
        later = browser(people.alice).get(f"/incidents/{incident.pk}/").content.decode()
    assert "1 h 00 min ago" in later and "overdue" in later


def test_the_page_asks_as_often_for_many_entries_as_for_few(people: World, lea: Account) -> None:
    incident, alice, counts = opened(lea), browser(people.alice), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert alice.get(f"/incidents/{incident.pk}/").status_code == 200
        counts.append(len(asked))
        for number in range(3):
            handling.note_on_incident(incident, by=person(lea), words=f"note {number}")
    assert counts[0] == counts[1] <= 25, counts
