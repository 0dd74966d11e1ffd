"""Rows about incidents for the tests of measures: each is in order unless told otherwise."""

from typing import Any

from tests.measures.made import Made, at


def event(number: int, **more: Any) -> Made:
    """Something that Ada noticed, reported within the hour, and that was decided the same day."""
    return {
        "id": str(number),
        "kind": "event",
        "reporter_id": "E-ada",
        "can_be_told": True,
        "from_log": False,
        "noticed_at": at("2026-04-01 08:00"),
        "reported_at": at("2026-04-01 09:00"),
        "decision": "no-incident",
        "has_reason": True,
        "decided_by_id": "E-lea",
        "decided_at": at("2026-04-01 15:00"),
        **more,
    }


def incident(number: int, **more: Any) -> Made:
    """An incident of high severity that was taken on, contained, resolved and closed in April, with a complete record."""
    return {
        "id": str(number),
        "title": f"Incident {number}",
        "category_id": "malware",
        "severity": "high",
        "lead_id": "E-ada",
        "happened_at": at("2026-04-01 07:00"),
        "noticed_at": at("2026-04-01 08:00"),
        "opened_at": at("2026-04-01 09:00"),
        "acknowledged_at": at("2026-04-01 10:00"),
        "contained_at": at("2026-04-02 09:00"),
        "resolved_at": at("2026-04-03 09:00"),
        "closed_at": at("2026-04-04 09:00"),
        "personal_data": False,
        "has_consequences": True,
        "has_measures": True,
        **more,
    }


def step(number: int, of: int, **more: Any) -> Made:
    """A mandatory step that was done while the incident was handled."""
    return {
        "id": str(number),
        "incident_id": str(of),
        "position": number,
        "mandatory": True,
        "done_at": at("2026-04-02 08:00"),
        "has_reason": False,
        **more,
    }


def detection(number: int, **more: Any) -> Made:
    """A detection of high level that is in event 1."""
    return {
        "id": str(number),
        "log": "auth",
        "system_id": "crm",
        "rule": "expired",
        "title": "Expired account",
        "level": "high",
        "first_at": at("2026-04-01 08:00"),
        "found_at": at("2026-04-01 08:01"),
        "times": 1,
        "event_id": "1",
        **more,
    }
