"""Recurring tasks: planned for a person or a role, on fixed days or counted from the last time; what was missed stays missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.checks.span import Span
from upheld.duties.models import Occurrence
from upheld.duties.occurrences import materialise
from upheld.duties.work import owed
from upheld.registers.tasks.actions import change_task, do_task, end_task, plan_task
from upheld.registers.tasks.models import Task

QUARTER = Span(3, "month")


@pytest.fixture
def lea(ledger: object) -> Account:
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def ina(lea: Account) -> Account:
    return account("ina", Role.OWNER, over=("owner", "it-operations"))


def states() -> list[tuple[str, str]]:
    materialise(clock.now())
    return list(Occurrence.objects.order_by("opens_at").values_list("cycle", "state"))


def mine(who: Account) -> list[str]:
    return [f"{each.what}: {each.about}" for each in owed(person(who), clock.now())]


def test_on_fixed_days_what_was_not_done_is_missed(lea: Account, ina: Account) -> None:
    made = plan_task(by=person(lea), title="Access review", every=QUARTER, first_on=date(2026, 7, 1), fixed=True, role="it-operations")
    assert states() == [] and mine(ina) == []
    with clock.at(datetime(2026, 6, 3, tzinfo=UTC)):
        assert states() == [("2026-07-01", "open")] and mine(ina) == ["Do: Access review"] and mine(lea) == []
        do_task(made, by=person(ina), note="42 accounts, 2 revoked")
        assert states() == [("2026-07-01", "done")] and mine(ina) == []
    with clock.at(datetime(2027, 1, 5, tzinfo=UTC)):
        assert states() == [("2026-07-01", "done"), ("2026-10-01", "missed"), ("2027-01-01", "open")]
        end_task(Task.objects.get(), by=person(lea), why="automated")
        assert [state for _, state in states()] == ["done", "missed", "withdrawn"]
        with pytest.raises(Refused, match="has ended"):
            do_task(Task.objects.get(), by=person(ina), note="x")


def test_counted_from_the_last_time_it_stays_owed(lea: Account) -> None:
    eve = account("eve", Role.EMPLOYEE)
    made = plan_task(by=person(lea), title="Test the alarm", every=Span(30, "day"), first_on=date(2026, 5, 4), person="P-eve")
    with clock.at(datetime(2026, 9, 1, tzinfo=UTC)):
        assert [state for _, state in states()] == ["open"] and mine(eve) == ["Do: Test the alarm"]
        assert browser(eve).get(f"/act/tasks.do-task/?record={made.pk}").status_code == 200
        do_task(made, by=person(eve), note="rings")
        assert [state for _, state in states()] == ["done", "open"]
    dan = account("dan", Role.EMPLOYEE)
    with pytest.raises(NotAllowed, match="There is no task"):
        do_task(made, by=person(dan), note="not mine")


def test_a_task_is_one_person_s_or_one_role_s(lea: Account) -> None:
    for who in ({}, {"person": "P-lea", "role": "it-operations"}):
        with pytest.raises(Ill, match="a person or a role"):
            plan_task(by=person(lea), title="x", every=QUARTER, first_on=date(2026, 7, 1), **who)
    with pytest.raises(Ill, match="At least a day"):
        plan_task(by=person(lea), title="x", every=Span(2, "hour"), first_on=date(2026, 7, 1), person="P-lea")
    made = plan_task(by=person(lea), title="x", every=QUARTER, first_on=date(2026, 7, 1), person="P-lea")
    changed = change_task(made, by=person(lea), title="y", every=QUARTER, first_on=date(2026, 5, 1), person="P-lea")
    assert changed.version == 2 and timedelta() < clock.now() - datetime(2026, 5, 1, tzinfo=UTC)
    with pytest.raises(NotAllowed):
        plan_task(by=person(account("eve", Role.EMPLOYEE)), title="x", every=QUARTER, first_on=date(2026, 7, 1), person="P-eve")
