"""Occurrences: opened once, ended once, however long nobody looked; in a fixed sequence or from the last time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.models import Account, ReportingLine
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.models import Lent
from upheld.checks.span import Span
from upheld.duties import actions, wanted
from upheld.duties.models import Occurrence, State
from upheld.duties.occurrences import digest, materialise
from upheld.duties.work import owed
from upheld.ledger.models import Outbox
from upheld.registers.governance.contacts import add_contact, change_contact, end_contact, enter_jurisdiction, verify_contact
from upheld.registers.governance.models import Contact, ContactKind
from upheld.registers.owing import Duty, Owing

DAY = timedelta(days=1)
LEAP = datetime(2027, 12, 1, 12, tzinfo=UTC)  # 29 February 2028 lies ahead


@pytest.fixture
def lea(ledger: object) -> Account:
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def eve(lea: Account) -> Account:
    return account("eve", Role.EMPLOYEE)


def contact(lea: Account, holder: str = "P-eve") -> Contact:
    germany = enter_jurisdiction(by=person(lea), code="de", title="Germany", from_on=date(2020, 1, 1))
    return add_contact(by=person(lea), kind=ContactKind.POLICE, title="Police", how="110", holder=holder, jurisdiction=germany)


def look(at: datetime | None = None) -> Counter[str]:
    """Look, and return how all occurrences stand."""
    materialise(at or clock.now())
    return Counter(Occurrence.objects.values_list("state", flat=True))


def mine(who: Account) -> list[str]:
    return [f"{each.what}: {each.about}{' (passed on)' if each.passed_on else ''}" for each in owed(person(who), clock.now())]


def sequence(monkeypatch: pytest.MonkeyPatch, every: Span, begins_at: datetime, *done: datetime) -> None:
    """Let there be one duty, in a fixed sequence."""
    owing = Owing("governance.policy/1", "Access review", begins_at, "P-eve", every=every, fixed=True, done=done)
    monkeypatch.setattr(wanted, "duties", lambda: (Duty("x.y", "Do", lambda now: [owing], ahead=10 * DAY),))


def test_looking_twice_opens_nothing_twice(lea: Account, eve: Account) -> None:
    contact(lea)
    assert look() == {"open": 1}
    before = Outbox.objects.count()
    assert look() == {"open": 1} and Outbox.objects.count() == before
    assert mine(eve) == ["Try this contact: Police"]


def test_what_was_done_ends_with_the_step_that_did_it_and_comes_again_in_time(lea: Account, eve: Account, noon: datetime) -> None:
    police = contact(lea)
    look()
    with clock.at(noon + DAY):
        verify_contact(police, by=person(eve))
        assert mine(eve) == []  # at once, before anybody looked
        assert look() == {"done": 1}
    (row,) = Occurrence.objects.all()
    assert (row.ended_at, row.ended_by, row.is_late) == (noon + DAY, "P-eve", True)
    assert row.done_entry and row.ended_entry and row.opened_entry
    assert look(datetime(2027, 4, 4, tzinfo=UTC)) == {"done": 1}
    assert look(datetime(2027, 4, 6, tzinfo=UTC)) == {"done": 1, "open": 1}


def test_after_fourteen_months_without_a_worker_nothing_is_lost_and_nothing_doubled(monkeypatch: pytest.MonkeyPatch, lea: Account) -> None:
    begins = datetime(2027, 12, 31, tzinfo=UTC)
    done = (datetime(2028, 2, 29, 23, 59, tzinfo=UTC), datetime(2028, 3, 26, 1, 30, tzinfo=UTC))  # leap day; the hour that Europe skips
    sequence(monkeypatch, Span(1, "month"), begins, *done)
    with clock.at(LEAP + 14 * 30 * DAY):
        assert look() == {"missed": 11, "done": 2, "open": 1}
        assert look() == {"missed": 11, "done": 2, "open": 1}
        days = [row.cycle for row in Occurrence.objects.order_by("opens_at")]
    assert days == [
        *("2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30"),
        *("2028-07-31", "2028-08-31", "2028-09-30", "2028-10-31", "2028-11-30", "2028-12-31", "2029-01-31"),
    ]
    late = {row.cycle: row.is_late for row in Occurrence.objects.filter(state=State.DONE)}
    assert late == {"2028-02-29": False, "2028-03-31": False}


def test_daily_looks_and_one_after_fourteen_months_come_to_the_same(monkeypatch: pytest.MonkeyPatch, lea: Account) -> None:
    sequence(monkeypatch, Span(2, "week"), LEAP, LEAP + 20 * DAY, LEAP + 31 * DAY)
    last = LEAP + 425 * DAY
    found = []
    for step in (425, 9):
        Occurrence.objects.all().delete()
        for days in range(0, 426, step):
            materialise(LEAP + days * DAY)
        materialise(last)
        found.append([(row.cycle, row.state, row.ended_at, row.due_at) for row in Occurrence.objects.order_by("opens_at")])
    assert found[0] == found[1] and len(found[0]) == 31


def test_the_entry_of_a_look_has_the_digest_of_what_it_opened_and_ended(lea: Account, eve: Account, noon: datetime) -> None:
    contact(lea)
    look()
    (row,) = Occurrence.objects.all()
    (said,) = [text for text in (str(bytes(each.data)) for each in Outbox.objects.all()) if row.opened_entry in text]
    assert digest([row]) in said
    Occurrence.objects.update(counts_from_at=noon)
    assert digest(Occurrence.objects.all()) not in said


def test_a_contact_whose_way_changed_is_tried_anew(lea: Account, eve: Account, noon: datetime) -> None:
    police = contact(lea)
    look()
    with clock.at(noon + DAY):
        verify_contact(police, by=person(eve))
        assert look() == {"done": 1}
    with clock.at(noon + 9 * DAY):
        change_contact(Contact.objects.get(), by=person(lea), title="Police", how="112", holder="P-eve", jurisdiction=police.jurisdiction)
        assert look() == {"done": 1, "open": 1} and mine(eve) == ["Try this contact: Police"]


def test_a_record_that_ended_is_owed_no_more(lea: Account, eve: Account) -> None:
    police = contact(lea)
    look()
    end_contact(police, by=person(lea))
    assert look() == {"withdrawn": 1} and mine(eve) == []


def test_nobody_did_it_so_it_is_passed_on_to_the_manager_and_then_to_the_lead(lea: Account, eve: Account, noon: datetime) -> None:
    max_ = account("max", Role.MANAGER)
    ReportingLine.objects.create(person="P-eve", manager="P-max")
    contact(lea)
    look()
    with clock.at(noon + 6 * DAY):  # Sunday; five working days are over on Monday
        look()
        assert mine(max_) == []
    with clock.at(noon + 7 * DAY):
        look()
        assert (mine(max_), mine(lea)) == (["Try this contact: Police (passed on)"], [])
    with clock.at(noon + 14 * DAY):
        look()
        assert mine(lea) == ["Try this contact: Police (passed on)"]
        assert mine(eve) == ["Try this contact: Police"]


def test_a_deputy_does_it_while_somebody_is_away_and_not_after(lea: Account, eve: Account, noon: datetime) -> None:
    dan = account("dan", Role.EMPLOYEE)
    contact(lea)
    actions.declare_absence(by=person(eve), deputy="P-dan", from_on=noon.date(), until_on=date(2026, 5, 6))
    look()
    assert (mine(eve), mine(dan)) == ([], ["Try this contact: Police"])
    police, form = Contact.objects.get(), f"/act/governance.verify-contact/?record={Contact.objects.get().pk}"
    assert browser(dan).get(form).status_code == 200  # and may do this to it, and nothing else
    with pytest.raises(NotAllowed, match="There is no contact"):
        change_contact(police, by=person(dan), title="P", how="x", holder="P-dan", jurisdiction=police.jurisdiction)
    with clock.at(noon + 3 * DAY):
        look()
        assert (mine(eve), mine(dan)) == (["Try this contact: Police"], [])
        assert browser(dan).get(form).status_code == 404
        with pytest.raises(NotAllowed, match="There is no contact"):
            verify_contact(police, by=person(dan))
    with pytest.raises(NotAllowed, match="Of others"):
        actions.declare_absence(by=person(dan), person="P-eve", deputy="P-lea", from_on=noon.date(), until_on=noon.date())
    with pytest.raises(Ill, match="somebody else"):
        actions.declare_absence(by=person(dan), deputy="P-dan", from_on=noon.date(), until_on=noon.date())


def test_a_duty_is_given_to_another_until_a_day(lea: Account, eve: Account, noon: datetime) -> None:
    dan = account("dan", Role.EMPLOYEE)
    contact(lea)
    look()
    number = Occurrence.objects.get().pk
    with pytest.raises(NotAllowed, match="no open occurrence"):
        actions.delegate(by=person(dan), occurrence=number, person="P-dan", until_on=date(2026, 5, 8))
    given = actions.delegate(by=person(eve), occurrence=number, person="P-dan", until_on=date(2026, 5, 8))
    look()
    assert (mine(eve), mine(dan)) == ([], ["Try this contact: Police"])
    actions.end_delegation(given, by=person(eve))
    look()
    assert mine(eve) == ["Try this contact: Police"]
    actions.delegate(by=person(lea), occurrence=number, person="P-dan", until_on=date(2026, 5, 8))
    look()
    verify_contact(Contact.objects.get(), by=person(dan))
    assert look() == {"done": 1} and Occurrence.objects.get().ended_by == "P-dan"
    assert not Lent.objects.exists()


def test_skipping_takes_somebody_else_and_a_reason(lea: Account, eve: Account) -> None:
    contact(lea)
    look()
    number = Occurrence.objects.get().pk
    actions.skip(by=person(lea), occurrence=number, reason="the station moves")
    assert look() == {"skipped": 1} and mine(eve) == []
    assert Occurrence.objects.get().why == "the station moves" and Occurrence.objects.get().ended_by == "P-lea"
    with pytest.raises(Ill, match="no open occurrence"):
        actions.skip(by=person(lea), occurrence=number, reason="again")
    add_contact(by=person(lea), kind=ContactKind.CERT, title="CERT", how="mail", holder="P-lea", active_every=Span(3, "month"))
    look()
    with pytest.raises(SamePerson, match="It is yours to do"):
        actions.skip(by=person(lea), occurrence=Occurrence.objects.get(state=State.OPEN).pk, reason="mine")


def test_time_stands_still_while_a_duty_is_paused(lea: Account, eve: Account, noon: datetime) -> None:
    verify_contact(contact(lea), by=person(eve))
    april = datetime(2027, 4, 20, 12, tzinfo=UTC)  # due on 4 May
    with clock.at(april):
        look()
        number = Occurrence.objects.get().pk
        stopped = actions.pause(by=person(lea), occurrence=number, reason="strike")
        with pytest.raises(Refused, match="paused already"):
            actions.pause(by=person(lea), occurrence=number, reason="strike")
    with clock.at(april + 30 * DAY):
        look()
        row = Occurrence.objects.get()
        assert row.due_at is None and row.escalated == 0 and owed(person(eve), clock.now())[0].paused
        actions.resume(stopped, by=person(lea))
        look()
        assert Occurrence.objects.get().due_at == datetime(2027, 5, 4, 12, tzinfo=UTC) + 30 * DAY


def test_what_was_late_before_it_was_paused_stays_late_and_is_not_passed_on(lea: Account, eve: Account, noon: datetime) -> None:
    contact(lea)
    with clock.at(noon + DAY):
        look()
        actions.pause(by=person(lea), occurrence=Occurrence.objects.get().pk, reason="strike")
    with clock.at(noon + 30 * DAY):
        look()
        assert (Occurrence.objects.get().due_at, Occurrence.objects.get().escalated) == (noon, 0)


def test_something_is_wanted_once_out_of_its_turn(lea: Account, eve: Account, noon: datetime) -> None:
    police = contact(lea)
    verify_contact(police, by=person(eve))
    assert look() == {}
    with clock.at(noon + DAY):
        actions.demand(
            by=person(lea), duty="governance.verify-contact", subject=police.reference, due_on=date(2026, 5, 20), reason="a burglary"
        )
        assert look() == {"open": 1} and mine(eve) == ["Try this contact: Police"]
    with clock.at(noon + 2 * DAY):
        verify_contact(Contact.objects.get(), by=person(eve))
        assert look() == {"done": 1} and look() == {"done": 1}
    with pytest.raises(Ill, match="no duty"):
        actions.demand(by=person(lea), duty="x", subject=police.reference, due_on=date(2026, 5, 20), reason="r")
    with pytest.raises(Ill, match="Nobody owes"):
        actions.demand(by=person(lea), duty="governance.verify-contact", subject="y/1", due_on=date(2026, 5, 20), reason="r")
