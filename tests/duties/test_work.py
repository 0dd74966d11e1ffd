"""What people owe, in the browser, on the command line and in their calendars."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from tests.world import SYSTEM, account, browser, person

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.duties.occurrences import materialise
from upheld.duties.work import owed
from upheld.ledger.models import Outbox
from upheld.notices.wishes import How, wish_of
from upheld.registers.findings.actions import ask_exception, take_care
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction, verify_contact
from upheld.registers.governance.models import ContactKind
from upheld.registers.governance.policies import (
    acknowledge_policy,
    approve_policy,
    declare_policy,
    draft_policy,
    publish_policy,
    submit_policy,
)
from upheld.registers.governance.policy_models import Audience, PolicyKind, PolicyVersion
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility
from upheld.registers.people.models import Provider
from upheld.registers.people.training import declare_course
from upheld.verdicts.models import Finding

MARCH = datetime(2025, 5, 10, 12, tzinfo=UTC)


@pytest.fixture
def lea(ledger: object) -> Account:
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def max_(lea: Account) -> Account:
    boss = account("max", Role.MANAGER)
    ceo = declare_responsibility(by=person(lea), name="ceo", title="Chief", purpose="all", management=True)
    give_responsibility(ceo, by=person(lea), person="P-max", part="accountable", from_on=date(2020, 1, 1))
    return boss


def submitted(lea: Account, name: str = "access") -> PolicyVersion:
    made = declare_policy(by=person(lea), name=name, kind=PolicyKind.POLICY, title="Access", owner="P-lea", audience=Audience.EVERYONE)
    return submit_policy(draft_policy(made, by=person(lea), text="Ask.", summary="new"), by=person(lea))


def published(lea: Account, boss: Account, name: str = "access") -> PolicyVersion:
    version = submitted(lea, name)
    approve_policy(version, by=person(boss))
    return publish_policy(PolicyVersion.objects.get(pk=version.pk), by=person(lea))


def lines(who: Account) -> list[tuple[str, str, str]]:
    materialise(clock.now())
    found = owed(person(who), clock.now())
    return [(each.what, each.about, f"{each.due_at:%Y-%m-%d}" if each.due_at else "") for each in found]


def test_who_owes_nothing_owes_nothing(lea: Account) -> None:
    assert lines(lea) == []


def test_a_manager_approves_and_the_author_does_not(lea: Account, max_: Account) -> None:
    submitted(lea)
    assert lines(max_) == [("Approve, or send back", "Access, version 1", "")]
    assert lines(lea) == []


def test_everybody_reads_once(lea: Account, max_: Account) -> None:
    version, eve = published(lea, max_), account("eve", Role.EMPLOYEE)
    assert lines(eve) == [("Read and acknowledge", "Access, version 1", "2026-06-03")]
    acknowledge_policy(version, by=person(eve), digest=version.digest)
    assert lines(eve) == []


def test_a_review_is_work_a_month_ahead_and_stays_so(lea: Account, max_: Account) -> None:
    with clock.at(MARCH):
        version = published(lea, max_)
        acknowledge_policy(version, by=person(lea), digest=version.digest)
        assert lines(lea) == []
    assert lines(lea) == [("Review", "Access", "2026-05-10")]
    with clock.at(clock.now() + timedelta(days=1000)):
        assert lines(lea) == [("Review", "Access", "2026-05-10")]


def test_a_contact_is_tried_once_a_year(lea: Account) -> None:
    eve = account("eve", Role.EMPLOYEE)
    germany = enter_jurisdiction(by=person(lea), code="de", title="Germany", from_on=date(2020, 1, 1))
    police = add_contact(by=person(lea), kind=ContactKind.POLICE, title="Police", how="110", holder="P-eve", jurisdiction=germany)
    assert lines(eve) == [("Try this contact", "Police", "2026-05-04")]
    verify_contact(police, by=person(eve))
    assert lines(eve) == []


def test_an_exception_is_decided_by_somebody_else(lea: Account, max_: Account) -> None:
    ask_exception(by=person(lea), measure="a/b", subject="s", reason="r", until_on=date(2026, 6, 1))
    assert lines(max_) == [("Decide about an exception", "a/b: s", "")]
    assert lines(lea) == []


def test_a_finding_is_mended_by_who_takes_care(lea: Account) -> None:
    now = clock.now()
    Finding.objects.create(
        measure="governance/policy_set_complete", subject="s", label="Crypto", detail="has no policy", first_seen_at=now, last_seen_at=now
    )
    take_care(by=person(lea), measure="governance/policy_set_complete", subject="s", person="P-lea", due_on=date(2026, 5, 6))
    assert lines(lea) == [("Mend", "Crypto: has no policy", "2026-05-06")]


def test_the_page_leads_to_each_thing(lea: Account, max_: Account) -> None:
    version = published(lea, max_)
    page = unescape(browser(account("eve", Role.EMPLOYEE)).get("/mine/").content.decode())
    assert f'href="/policies/{version.pk}/text/"' in page and "Read and acknowledge" in page


def test_a_calendar_by_a_secret_link_that_a_new_one_ends(lea: Account, max_: Account) -> None:
    published(lea, max_)
    eve = browser(account("eve", Role.EMPLOYEE))
    first = link(eve)
    calendar = Calendar.from_ical(browser(None).get(first).content)
    events = [(str(each["summary"]), each["dtstart"].dt) for each in calendar.walk("VEVENT")]
    assert events == [("Read and acknowledge: Access, version 1", date(2026, 6, 3))]
    second = link(eve)
    assert browser(None).get(first).status_code == 404
    assert browser(None).get(second).status_code == 200
    assert browser(None).get("/calendar/forged.ics").status_code == 404


def link(client: object) -> str:
    page = unescape(client.post("/mine/").content.decode())
    return page.partition('<code class="wrap">')[2].partition("</code>")[0].removeprefix("http://testserver")


def test_how_one_is_told_is_chosen_on_the_page_and_entered(lea: Account) -> None:
    eve = account("eve", Role.EMPLOYEE)
    client, entries = browser(eve), Outbox.objects.count()
    assert client.post("/mine/", {"how": "daily", "language": "de"}).status_code == 302
    assert wish_of(person(eve)) == How.DAILY and Account.objects.get(pk=eve.pk).language == "de"
    assert Outbox.objects.count() == entries + 1
    assert client.post("/mine/", {"how": "never", "language": "xx"}).status_code == 302  # neither is offered
    assert wish_of(person(eve)) == How.DAILY and Outbox.objects.count() == entries + 1
    assert '<option value="daily" selected>' in client.get("/mine/").content.decode()


def test_the_page_asks_as_often_for_many_as_for_one_and_shows_fifty(lea: Account) -> None:
    germany = enter_jurisdiction(by=person(lea), code="de", title="Germany", from_on=date(2020, 1, 1))
    client, counts = browser(lea), []
    for many in (1, 60):
        for number in range(many):
            title = f"Police {many} {number}"
            add_contact(by=person(lea), kind=ContactKind.POLICE, title=title, how="110", holder="P-lea", jurisdiction=germany)
        materialise(clock.now())
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/mine/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 22, counts
    assert page.count("Try this contact") == 50 and "61 in all, page 1 of 2" in page
    assert client.get("/mine/?page=2").content.decode().count("Try this contact") == 11
    assert "was never looked up" not in page


def test_a_look_asks_as_often_for_many_as_for_one(lea: Account, max_: Account) -> None:
    counts = []
    for many in (1, 4):
        for number in range(many):
            name = f"x{many}-{number}"
            published(lea, max_, name)
            declare_course(by=person(lea), name=name, title=name, provider=Provider.INSIDE, subjects=["passwords"], mandatory=True)
        materialise(clock.now())
        with CaptureQueriesContext(connection) as asked:
            materialise(clock.now())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 130, counts


def test_where_nobody_ever_looked_the_page_says_so(lea: Account) -> None:
    assert "was never looked up" in browser(lea).get("/mine/").content.decode()


def test_who_owes_what_their_roles_do_not_let_them_do_is_told_so_and_shown_no_button(lea: Account) -> None:
    place = enter_jurisdiction(by=person(lea), code="de", title="Germany", from_on=date(2020, 1, 1))
    add_contact(by=person(lea), kind=ContactKind.OTHER, title="Police", how="112", holder="P-adam", jurisdiction=place)
    adam, button = account("adam", Role.ADMINISTRATOR), "/act/governance.verify-contact/"
    with clock.at(clock.now() + timedelta(days=400)) as due:
        materialise(due)
        mine, today = (browser(adam).get(path).content.decode() for path in ("/mine/", "/"))
        assert "Your roles do not let you." in mine and "Police" in mine and button not in mine
        assert "your roles do not let you." in today and "Police" in today and button not in today
        giving.give(adam, Role.EMPLOYEE, by=SYSTEM)
        assert button in browser(adam).get("/").content.decode()  # the control
