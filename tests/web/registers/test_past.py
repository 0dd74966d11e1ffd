"""Bob audits a year that is over: he sees what it was, not what became of it, on every page, list, table and answer."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from tests.actors import person as actor
from tests.world import World, account, browser, person, world

from upheld import clock
from upheld.accounts import giving, tokens
from upheld.accounts.role import Role
from upheld.ledger.entry import SYSTEM
from upheld.registers.incidents.categories import declare_category
from upheld.registers.incidents.deciding import decide_event, open_incident
from upheld.registers.incidents.incident_models import Severity
from upheld.registers.incidents.models import Decision, SecurityEvent
from upheld.registers.incidents.reporting import report_event

REPORTED, DECIDED, LOOKED = (datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
EVENTS = "/registers/incidents/securityevent/"


@pytest.fixture
def people(ledger: object) -> World:
    """In June 2026 somebody reports a thing, and in February 2027 it is decided; another was decided within the year."""
    found = world(audits=("chapter", "incidents"))
    lea = person(account("lea", Role.SECURITY_LEAD))
    for what, decided_at in (("A door stood open", DECIDED), ("A screen was not locked", REPORTED + timedelta(days=1))):
        with clock.at(REPORTED):
            event = report_event(by=actor("ada", Role.EMPLOYEE), what=what)
        with clock.at(decided_at):
            decide_event(event, by=lea, decision=Decision.NONE, reason="It was the wind")
    return found


def told(client: object, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(content.decode())


def test_after_the_year_bob_sees_what_it_was(people: World) -> None:
    late, early = SecurityEvent.objects.order_by("pk")
    with clock.at(LOOKED):
        bob, dana = browser(people.bob), browser(account("dora", Role.DPO))
        for path in (f"{EVENTS}{late.pk}/", f"{EVENTS}export.csv?q={late.pk}"):
            assert "It was the wind" in told(dana, path), path  # a positive control
            assert "It was the wind" not in told(bob, path) and "A door stood open" in told(bob, path), path
        history = told(bob, f"{EVENTS}{late.pk}/").partition(">History<")[2]
        assert "Decide event" not in history and "Report event" in history
        assert "It was the wind" in told(bob, f"{EVENTS}{early.pk}/")
        assert told(bob, EVENTS).count("2026-06-0") > told(bob, EVENTS).count("2027-") == 0
        assert SecurityEvent.objects.get(pk=late.pk).reason == "It was the wind"


def test_what_was_written_later_is_found_by_no_search(people: World) -> None:
    with clock.at(LOOKED):
        bob, dana = browser(people.bob), browser(account("dora", Role.DPO))
        assert "A door stood open" in told(dana, f"{EVENTS}?q=no-incident")
        assert "A door stood open" not in told(bob, f"{EVENTS}?q=no-incident") and "A screen was" in told(bob, f"{EVENTS}?q=no-incident")
        assert bob.get("/search/?q=wind").status_code == 403  # it also speaks of promises, as they stand now


def test_pages_that_show_more_than_fields_are_refused_after_the_year(people: World) -> None:
    dora = account("dora", Role.DPO)
    with clock.at(REPORTED):
        malware = declare_category(by=person(dora), name="malware", title="Malware")
        made = open_incident(by=person(dora), title="A worm", category=malware, severity=Severity.HIGH, lead="P-alice")
        assert browser(people.bob).get(f"/incidents/{made.pk}/").status_code == 200
    with clock.at(LOOKED):
        bob, path = browser(people.bob), f"/incidents/{made.pk}/"
        assert browser(dora).get(path).status_code == 200 and bob.get(path).status_code == 403
        assert "A worm" in told(bob, f"/registers/incidents/incident/{made.pk}/")


def test_programs_get_the_same(people: World) -> None:
    late = SecurityEvent.objects.order_by("pk").first()
    with clock.at(LOOKED):
        secret = tokens.make(people.bob, name="bob", only_reads=True, lasts=timedelta(days=1), by=SYSTEM)
        headers = {"Authorization": f"Bearer {secret}"}
        one = browser(None).get(f"/api/registers/incidents/securityevent/{late.pk}", headers=headers).json()
        assert (one["reason"], one["decision"], one["decided_at"], one["version"]) == ("", "", None, 1)
        several = browser(None).get("/api/registers/incidents/securityevent", headers=headers).json()["records"]
        assert sorted(each["reason"] for each in several) == ["", "It was the wind"]


def test_what_was_entered_afterwards_for_the_year_was_not_there(people: World) -> None:
    with clock.at(LOOKED):
        SecurityEvent.objects.filter(pk=report_event(by=actor("ada", Role.EMPLOYEE), what="Dated back").pk).update(reported_at=REPORTED)
        assert "Dated back" in told(browser(account("dora", Role.DPO)), EVENTS) and "Dated back" not in told(browser(people.bob), EVENTS)


def test_while_the_period_lasts_or_without_one_things_are_as_they_are(people: World) -> None:
    ida = account("ida")
    giving.give(ida, Role.AUDITOR, by=SYSTEM, over=("chapter", "incidents"), period=(date(2026, 1, 1), date(2027, 12, 31)))
    late = SecurityEvent.objects.order_by("pk").first()
    with clock.at(LOOKED):
        assert "It was the wind" in told(browser(ida), f"{EVENTS}{late.pk}/")
