"""Rows of logs that are watched, and of what is wrong with them."""

from datetime import timedelta
from typing import Any

from tests.measures.made import Made, at


def log(name: str = "auth", **more: Any) -> Made:
    """A log of the system crm that was read an hour ago, with an event half an hour before."""
    return {
        "id": name,
        "system_id": "crm",
        "product": "linux",
        "service": "auth",
        "added_at": at("2026-01-01"),
        "silent_after": timedelta(hours=2),
        "last_event_at": at("2026-05-04 11:00"),
        "read_at": at("2026-05-04 11:30"),
        "rules_run": 12,
        "rules_left_out": 0,
        "rules_blind": 0,
        "undecided": 0,
        **more,
    }


def fault(number: str = "1/0", of: str = "web", **more: Any) -> Made:
    """An hour without events in the log web, found in April."""
    return {"id": number, "log": of, "kind": "gap", "found_at": at("2026-04-30 10:00"), "said": "no event for an hour", **more}
