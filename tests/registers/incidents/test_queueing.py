"""What rules find in logs comes into the queue of events, once, and of one rule in one log as one event while nobody decided."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.errors import Refused
from upheld.logs.models import Detection, Scan, WatchedLog
from upheld.registers.incidents.deciding import decide_event
from upheld.registers.incidents.excepting import agree_to_detections, end_detection_exception, except_detections
from upheld.registers.incidents.models import Decision, DetectionException, SecurityEvent
from upheld.registers.incidents.queueing import queue
from upheld.registers.incidents.rows import log_detections, security_events

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def log(lead: Person) -> WatchedLog:
    """A log that is watched."""
    return WatchedLog.objects.create(name="auth", system_id="crm", pattern="/x", format="syslog", silent_after_seconds=60, added_at=NOW)


def found(log: WatchedLog, rule: str = "expired", level: str = "high", line: str = "bob has expired") -> Detection:
    scan = Scan.objects.create(log=log, began_at=NOW, ended_at=NOW, rules="")
    said = {"rule": rule, "title": "Expired account", "level": level, "line": line}
    return Detection.objects.create(log=log, scan=scan, first_at=NOW, last_at=NOW, found_at=NOW, **said)


def test_each_comes_in_once(log: WatchedLog, lead: Person) -> None:
    first, other = found(log), found(log, rule="sprayed")
    found(log, rule="failed", level="informational")
    assert (queue(), queue()) == (2, 0)
    again = found(log)
    assert queue() == 1
    assert sorted(SecurityEvent.objects.values_list("rule", "detections")) == [("expired", [first.pk, again.pk]), ("sprayed", [other.pk])]
    assert {row["id"]: row["event_id"] is not None for row in log_detections()} == {"1": True, "2": True, "3": False, "4": True}
    assert [(row["from_log"], row["can_be_told"], row["reporter_id"]) for row in security_events()] == [(True, False, None)] * 2


def test_what_comes_after_the_decision_is_an_event_of_its_own(log: WatchedLog, lead: Person) -> None:
    found(log)
    queue()
    decide_event(SecurityEvent.objects.get(), by=lead, decision=Decision.NONE, reason="He forgot.")
    found(log)
    queue()
    assert list(SecurityEvent.objects.order_by("id").values_list("detections", flat=True)) == [[1], [2]]


def test_what_was_agreed_to_be_expected_is_decided_about_as_it_comes(log: WatchedLog, lead: Person) -> None:
    asked = except_detections(by=lead, rule="expired", reason="We test it on Mondays.", until_on=NOW.date(), log="auth", only="bob")
    found(log)
    assert queue() == 1 and not SecurityEvent.objects.exclude(decided_at=None).exists()  # nobody has agreed yet
    with pytest.raises(Refused, match="nobody agrees"):
        agree_to_detections(asked, by=lead)
    agree_to_detections(DetectionException.objects.get(), by=replace(lead, account_id=uuid4(), ref="2"))
    found(log), found(log, rule="sprayed"), found(log, line="eve has expired")
    assert queue() == 3
    decided = SecurityEvent.objects.exclude(decided_at=None).get()
    assert decided.detections == [2] and decided.decision == Decision.NONE
    assert decided.reason == "Expected until 2026-05-04 (exception 1): We test it on Mondays."
    with clock.at(NOW + timedelta(days=1)):
        found(log)
        assert queue() == 1 and SecurityEvent.objects.exclude(decided_at=None).count() == 1
    end_detection_exception(DetectionException.objects.get(), by=lead)
    found(log)
    assert queue() == 1 and SecurityEvent.objects.exclude(decided_at=None).count() == 1


def test_an_exception_ends_within_half_a_year(lead: Person) -> None:
    for days in (-1, 181):
        with pytest.raises(Refused, match="ends within 180 days"):
            except_detections(by=lead, rule="x", reason="x", until_on=(NOW + timedelta(days=days)).date())
