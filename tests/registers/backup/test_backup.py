"""Readers of stores, restores and records: somebody else agrees, the management to a restore, and nothing is destroyed too early."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.actors import person
from tests.registers.change.test_changes import shop

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.checks.span import Span
from upheld.ledger import sequencer
from upheld.registers.backup.models import RecordClass, Right
from upheld.registers.backup.records import (
    ask_release,
    authorise_release,
    declare_record_class,
    destroy_record,
    file_record,
    hold_records,
    release_hold,
)
from upheld.registers.backup.rows import (
    approved_readers,
    filed_records,
    record_checks,
    record_holds,
    release_authorisations,
    restore_requests,
)
from upheld.registers.backup.stores import approve_reader, ask_reader, ask_restore, decide_restore, end_reader
from upheld.registers.governance.models import Part
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility

__all__ = ["shop"]


@pytest.fixture
def bob(lead: Person) -> Person:
    return person("bob", Role.MANAGER)


def invoices(lead: Person) -> RecordClass:
    said: dict[str, Any] = {"title": "Invoices", "store": "/srv/archive", "owner": "E-lea", "basis": "tax law"}
    return declare_record_class(by=lead, name="invoices", keep_for=Span(1, "year"), **said)


def test_a_reader_is_on_the_list_once_somebody_else_agreed(lead: Person, bob: Person) -> None:
    said: dict[str, Any] = {"store": "/srv/restic", "principal": "backup", "right": Right.READ, "why": "backs up"}
    asked = ask_reader(by=lead, **said)
    with pytest.raises(Ill, match="is on the list for /srv/restic already"):
        ask_reader(by=bob, **said)
    with pytest.raises(Refused, match="nobody approves what they asked for"):
        approve_reader(asked, by=lead)
    assert list(approved_readers()) == []
    asked = approve_reader(asked, by=bob)
    assert [(row["principal"], row["access"], row["approved_by_id"]) for row in approved_readers()] == [("backup", "read", "E-bob")]
    end_reader(asked, by=lead)
    assert list(approved_readers()) == []


@pytest.mark.usefixtures("shop")
def test_a_restore_takes_somebody_of_the_management(lead: Person, bob: Person) -> None:
    now = clock.now()
    said: dict[str, Any] = {"what": "an order", "why": "deleted by mistake", "from_at": now, "until_at": now + timedelta(hours=4)}
    with pytest.raises(Ill, match="There is no system called crm"):
        ask_restore(by=lead, system="crm", **said)
    asked = ask_restore(by=lead, system="shop", **said)
    with pytest.raises(NotAllowed, match="takes a management responsibility"):
        decide_restore(asked, by=bob, granted=True)
    role = declare_responsibility(by=lead, name="managing", title="Managing", purpose="leads", management=True)
    day = now.date() - timedelta(days=9)
    give_responsibility(role, by=lead, person="E-bob", part=Part.ACCOUNTABLE, from_on=day)
    with pytest.raises(Ill, match="Say why not"):
        decide_restore(asked, by=bob, granted=False)
    decide_restore(asked, by=bob, granted=True)
    assert [(row["system_id"], row["approved_by_id"], row["approved_at"]) for row in restore_requests()] == [("shop", "E-bob", now)]


def test_a_record_is_kept_until_its_time_and_every_hold_are_over(lead: Person, bob: Person) -> None:
    kept = invoices(lead)
    with pytest.raises(Ill, match="Say where it lies"):
        file_record(kept, by=bob, title="2024", closed_on=date(2024, 12, 31))
    old = file_record(kept, by=bob, title="2024", closed_on=date(2024, 12, 31), place="2024")
    new = file_record(kept, by=bob, title="2025", closed_on=date(2025, 12, 31), place="2025")
    assert {row["title"]: row["keep_until_on"] for row in filed_records()} == {"2024": date(2025, 12, 31), "2025": date(2026, 12, 31)}
    with pytest.raises(Refused, match="It must be kept until 2026-12-31"):
        destroy_record(new, by=lead, how="shredded")
    hold = hold_records(kept, by=lead, why="a lawsuit")
    old.refresh_from_db()
    with pytest.raises(Refused, match="There is a hold on its class"):
        destroy_record(old, by=lead, how="shredded")
    release_hold(hold, by=lead)
    assert [row["until_at"] for row in record_holds()] == [clock.now()]
    with pytest.raises(Refused, match="by somebody who did not file it"):
        destroy_record(type(old).objects.get(pk=old.pk), by=bob, how="shredded")
    destroy_record(type(old).objects.get(pk=old.pk), by=lead, how="shredded")
    assert {row["title"]: row["destroyed_at"] for row in filed_records()} == {"2024": clock.now(), "2025": None}


def test_a_release_is_authorised_by_somebody_else(lead: Person, bob: Person) -> None:
    kept, today = invoices(lead), clock.now().date()
    with pytest.raises(Ill, match="This day is over"):
        ask_release(kept, by=bob, recipient="the tax office", what="2024", until_on=today - timedelta(days=1))
    asked = ask_release(kept, by=bob, recipient="the tax office", what="2024", until_on=today)
    with pytest.raises(Refused, match="nobody authorises what they asked for"):
        authorise_release(asked, by=bob)
    assert list(release_authorisations()) == []
    authorise_release(asked, by=lead)
    assert [(row["class_id"], row["authorised_by_id"]) for row in release_authorisations()] == [("invoices", "E-lea")]


def test_what_is_kept_is_held_against_the_ledger(lead: Person) -> None:
    invoices(lead)
    sequencer.sequence()
    checks = {str(row["id"]): (row["intact"], row["detail"]) for row in record_checks()}
    assert checks == {
        "ledger test.example/ledger/main/1": (True, f"{sequencer.current().size():,} entries"),
        "evidence": (True, "0 files"),
        "files": (True, "all as they were entered"),
    }
