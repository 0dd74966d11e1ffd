"""Rows for the tests of measures: each is in order unless told otherwise, so that a test names only what matters to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.rows import Row

Made = dict[str, Any]

DAY = timedelta(days=1)


def at(said: str) -> datetime:
    """The instant in UTC: "2026-05-01" or "2026-05-01 12:30"."""
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


def on(said: str) -> date:
    """The day: "2026-05-01"."""
    return date.fromisoformat(said)


def system(name: str, **more: Any) -> Made:
    """A system in operation."""
    return {"id": name, "name": name.upper(), "kind": "application", "in_operation": True, **more}


# Three, so that a join that forgets which one it wants is noticed.
SYSTEMS: list[Row] = [system("crm"), system("wiki"), system("db")]


def person(name: str, **more: Any) -> Made:
    """Somebody who has worked here for years."""
    return {
        "id": f"E-{name}",
        "name": name.capitalize(),
        "mail": f"{name}@example.com",
        "started_on": on("2020-01-01"),
        "confidentiality_signed_on": on("2020-01-01"),
        **more,
    }


def account(name: str, **more: Any) -> Made:
    """The account of the person of that name on the CRM, in daily use, with a second factor and a good password."""
    return {
        "id": name,
        "system_id": "crm",
        "user_name": name,
        "identifier": name,
        "kind": "person",
        "person_ref": f"E-{name}",
        "enabled": True,
        "can_sign_in": True,
        "privileged": False,
        "created_at": at("2021-01-01"),
        "last_login_at": at("2026-05-01"),
        "password_changed_at": at("2026-01-01"),
        "password_must_change": False,
        "password_scheme": "argon2",
        "password_rule_id": "standard",
        "has_mfa": True,
        **more,
    }


def service(name: str, **more: Any) -> Made:
    """A program's account, for which somebody answers."""
    return account(name, **{"kind": "service", "person_ref": None, **more})


def group(name: str, **more: Any) -> Made:
    """A group of the CRM that gives no administrative rights."""
    return {"id": name, "system_id": "crm", "name": name, "entitlement": name, "privileged": False, **more}


def member(holder: str, of: str, **more: Any) -> Made:
    """Membership of account `holder` in group `of`."""
    return grant(holder, of, **{"group_id": of, **more})


def nested(holder: str, of: str, **more: Any) -> Made:
    """Membership of group `holder` in group `of`."""
    return member(holder, of, **{"holder_kind": "group", **more})


def grant(holder: str, entitlement: str, **more: Any) -> Made:
    """An entitlement that account `holder` has on the CRM."""
    return {
        "id": f"{holder}/{entitlement}",
        "system_id": "crm",
        "holder_kind": "account",
        "holder_id": holder,
        "entitlement": entitlement,
        "privileged": False,
        "can_grant": False,
        **more,
    }


def device(name: str, **more: Any) -> Made:
    """A laptop in use that keeps every rule."""
    return {
        "id": name,
        "name": name.upper(),
        "kind": "laptop",
        "owner_id": "E-ada",
        "in_use": True,
        "encrypted": True,
        "malware_agent": "clamav",
        "malware_agent_running": True,
        "signatures_at": at("2026-05-04 06:00"),
        "locks_after": timedelta(minutes=5),
        "lock_enforced": True,
        "last_seen_at": at("2026-05-04 11:00"),
        **more,
    }
