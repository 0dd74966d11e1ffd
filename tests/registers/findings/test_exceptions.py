"""Exceptions: asked for by one, approved by another, with an end; forged ones accept nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.redacting import redact
from upheld.ledger.entry import SYSTEM
from upheld.registers.findings.actions import approve_exception, ask_exception, end_exception, refuse_exception, take_care
from upheld.registers.findings.exceptions import exceptions_in_force
from upheld.registers.findings.models import RiskAccepted

MEASURE, SUBJECT = "governance/policy_set_complete", "registers/crypto"


@pytest.fixture
def dpo(lead: Person) -> Person:
    return person("dora", Role.DPO)


def asked(by: Person, until: date = date(2026, 6, 1)) -> RiskAccepted:
    return ask_exception(by=by, measure=MEASURE, subject=SUBJECT, reason="being written", until_on=until)


def in_force(at: datetime | None = None) -> dict[str, dict[str, datetime]]:
    return dict(exceptions_in_force(at or clock.now()))


def test_one_asks_and_another_approves(lead: Person, dpo: Person) -> None:
    wanted = asked(lead)
    assert in_force() == {}
    approve_exception(wanted, by=dpo)
    assert in_force() == {MEASURE: {SUBJECT: datetime(2026, 6, 2, tzinfo=UTC)}}


def test_it_goes_on_when_who_asked_is_erased_and_a_changed_end_does_not(lead: Person, dpo: Person) -> None:
    wanted = asked(lead)
    approve_exception(wanted, by=dpo)
    wanted.refresh_from_db()
    with transaction.atomic():
        redact(wanted, {"asked_by": "erased-0123456789ab"}, by=SYSTEM)
    assert in_force() == {MEASURE: {SUBJECT: datetime(2026, 6, 2, tzinfo=UTC)}}
    connection.cursor().execute("UPDATE registers_riskaccepted SET until_on = '2027-06-01'")
    assert in_force() == {}


def test_it_is_over_after_its_day(lead: Person, dpo: Person) -> None:
    approve_exception(asked(lead), by=dpo)
    assert in_force(datetime(2026, 6, 1, 23, tzinfo=UTC)) != {}
    assert in_force(datetime(2026, 6, 2, tzinfo=UTC)) == {}


def test_it_did_not_hold_before_it_was_approved(lead: Person, dpo: Person) -> None:
    approve_exception(asked(lead), by=dpo)
    assert in_force(clock.now() - timedelta(seconds=1)) == {}


def test_who_asked_and_who_takes_care_do_not_approve(lead: Person, dpo: Person) -> None:
    wanted = asked(lead)
    with pytest.raises(SamePerson, match="whoever wants an exception does not grant it"):
        approve_exception(wanted, by=lead)
    take_care(by=lead, measure=MEASURE, subject=SUBJECT, person="E-dora")
    with pytest.raises(SamePerson, match="You take care of this finding"):
        approve_exception(wanted, by=dpo)
    with pytest.raises(NotAllowed, match="takes the role"):
        approve_exception(wanted, by=person("ada", Role.EMPLOYEE))
    assert in_force() == {}


def test_one_refused_or_ended_accepts_nothing(lead: Person, dpo: Person) -> None:
    refuse_exception(asked(lead), by=dpo, note="write it")
    approved = approve_exception(asked(lead), by=dpo)
    assert in_force() != {}
    end_exception(approved, by=lead)
    assert in_force() == {}
    with pytest.raises(Refused, match="ended already"):
        approve_exception(RiskAccepted.objects.get(pk=approved.pk), by=dpo)


def test_an_end_lies_within_a_year(lead: Person) -> None:
    for until in (date(2026, 5, 3), date(2027, 6, 1)):
        with pytest.raises(Ill, match="at most a year ahead"):
            asked(lead, until)


def test_a_later_one_takes_the_place_of_the_earlier(lead: Person, dpo: Person) -> None:
    approve_exception(asked(lead), by=dpo)
    approve_exception(asked(lead, date(2026, 7, 1)), by=dpo)
    assert in_force() == {MEASURE: {SUBJECT: datetime(2026, 7, 2, tzinfo=UTC)}}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registers_riskaccepted SET state = 'approved', decided_by = 'E-dora', decided_at = '2026-05-04 11:00:00'",
        "UPDATE registers_riskaccepted SET state = 'approved', decided_by = 'E-dora', decided_at = '2026-05-04 11:00:00', version = 2",
    ],
)
def test_one_approved_in_the_database_accepts_nothing(lead: Person, statement: str) -> None:
    asked(lead)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert in_force() == {}


def test_one_made_longer_in_the_database_accepts_nothing(lead: Person, dpo: Person) -> None:
    approve_exception(asked(lead), by=dpo)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registers_riskaccepted SET until_on = '2036-01-01'")
    assert in_force() == {}
