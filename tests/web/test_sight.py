"""What of the promises each may see: Alice owns, Bob audits, Charlie is a stranger; an employee sees no names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.conftest import MEASURE, PAGE
from tests.web.test_pages import leaver, text
from tests.world import account, browser, world

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.role import Role
from upheld.checks.verdict import State
from upheld.documents import catalogue
from upheld.ledger.entry import SYSTEM

OTHER = "backup/restore_proven"
CSV = f"{PAGE}population.csv"


@pytest.fixture
def people(judged):
    """A broken measure that names somebody, and another chapter's."""
    judged(State.BROKEN, leaver())
    judged(State.BROKEN, leaver(2), measure=OTHER)
    return world(owns=catalogue.known()[MEASURE].owner)


def test_the_owner_sees_who_fails_in_what_she_owns_and_numbers_elsewhere(people):
    alice = browser(people.alice)
    assert "Alice" in text(alice.get(PAGE)) and alice.get(CSV).status_code == 200
    elsewhere = account("eda", Role.OWNER, over=("owner", "somebody-else"))
    page = text(browser(elsewhere).get(PAGE))
    assert "Who they are is not shown to your role" in page and "Alice" not in page.replace("Alice Owner", "")
    assert browser(elsewhere).get(CSV).status_code == 404


def test_the_auditor_sees_the_scope_by_name_and_nothing_beside_it(people):
    bob = browser(people.bob)
    assert "Alice" in text(bob.get(PAGE)) and bob.get(CSV).status_code == 200
    assert bob.get("/measures/backup/restore_proven/").status_code == 404
    assert bob.get("/measures/backup/restore_proven/population.csv").status_code == 404
    everything = text(bob.get("/measures/"))
    assert "leavers" in everything.lower() and "restore" not in everything.lower()
    document = bob.get("/documents/iso/").content.decode()
    assert "iso:4.1.4" in document and document.count('class="promise"') < 96 / 2


def test_an_auditor_of_one_document_does_not_find_the_other(people):
    rita = browser(account("rita", Role.AUDITOR, over=("document", "cloud")))
    assert rita.get("/documents/cloud/").status_code == 200
    assert rita.get("/documents/iso/").status_code == 404 and rita.get("/promises/iso:4.1.4/").status_code == 404
    assert "/documents/iso/" not in rita.get("/").content.decode()


def test_an_auditor_sees_nothing_of_now_after_the_period_and_nothing_before_it(people, judged, noon):
    late = browser(account("late", Role.AUDITOR, period=(date(2026, 1, 1), date(2026, 5, 3))))
    for path in ("/", PAGE, CSV, "/documents/", "/documents/iso/", "/promises/iso:4.1.4/", "/measures/"):
        answer = late.get(path)
        assert answer.status_code == 403 and "does not hold today" in text(answer), path
    for path in ("/ledger/", "/evidence/", "/accounts/"):
        assert late.get(path).status_code == 403, path
    soon = account("soon", Role.AUDITOR, period=(date(2026, 5, 4), date(2026, 5, 31)))
    judged(State.BROKEN, leaver(), at=noon + timedelta(days=2))
    with clock.at(noon + timedelta(days=2)):
        page = text(browser(soon).get(PAGE))
        assert "from 4 May 2026, 12:00 UTC" in page
    newer = account("newer", Role.AUDITOR, period=(date(2026, 5, 6), date(2026, 5, 31)))
    with clock.at(datetime(2026, 5, 6, 13, tzinfo=UTC)):
        page = text(browser(newer).get(PAGE))
        assert "from 6 May 2026, 00:00 UTC" in page and "4 May" not in page


def test_an_employee_reads_the_promises_without_names_and_no_measure(people):
    eve = browser(account("eve", Role.EMPLOYEE))
    for path in ("/", "/documents/iso/", "/promises/iso:4.1.4/"):
        page = eve.get(path)
        assert page.status_code == 200 and "Alice" not in text(page), path
        assert "/measures/" not in page.content.decode(), path
    assert eve.get(PAGE).status_code == 403 and eve.get(CSV).status_code == 403


def test_the_lead_sees_all_of_it(people):
    lead = browser(account("lead", Role.SECURITY_LEAD))
    assert "Alice" in text(lead.get("/")) and "Alice" in text(lead.get(PAGE)) and lead.get(CSV).status_code == 200


def test_a_stranger_sees_nothing(people):
    charlie = browser(people.charlie)
    for path in ("/", PAGE, CSV, "/documents/iso/", "/ledger/", "/evidence/", "/accounts/"):
        answer = charlie.get(path)
        assert answer.status_code == 403 and "Alice" not in text(answer), path
        assert "<nav" not in answer.content.decode(), path


def test_reasons_that_name_subjects_are_told_in_numbers(people, judged):
    judged(State.UNPROVEN, leaver(ok=None), reason="1 of 1 accounts cannot be judged: Alice (nobody knows).")
    page = text(browser(account("eve", Role.EMPLOYEE)).get("/promises/iso:4.1.4/"))
    assert "Of 1 subject: 1 unknown." in page and "Alice" not in page


def test_roles_of_two_kinds_add_up(people):
    giving.give(people.charlie, Role.EMPLOYEE, by=SYSTEM)
    giving.give(people.charlie, Role.AUDITOR, by=SYSTEM, over=("chapter", "backup"))
    charlie = browser(people.charlie)
    assert charlie.get("/").status_code == 200
    assert charlie.get("/measures/backup/restore_proven/").status_code == 200
    assert charlie.get(PAGE).status_code == 404 and charlie.get(CSV).status_code == 404
    assert "Alice 1" not in text(charlie.get("/"))
