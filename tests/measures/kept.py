"""Rows of registers for the tests of measures: each is in order unless told otherwise."""

from typing import Any

from tests.measures.made import Made, at, on


def responsibility(name: str, **more: Any) -> Made:
    """A role of the programme."""
    return {"id": name, "title": name.upper(), "management": False, "programme": True, "conflicts": [], **more}


def holding(person: str, role: str, number: str = "", **more: Any) -> Made:
    """The person is accountable for the role since 2020, with a letter."""
    return {
        "id": number or f"{person}-{role}",
        "responsibility_id": role,
        "person_id": f"E-{person}",
        "part": "accountable",
        "from_on": on("2020-01-01"),
        "appointment": "a" * 64,
        **more,
    }


def policy(name: str, **more: Any) -> Made:
    """A published policy for everyone, a month old, due for review in a year's time."""
    return {
        "id": name,
        "title": name.capitalize(),
        "kind": "policy",
        "audience": "everyone",
        "outsiders": [],
        "version_id": f"{name}-1",
        "published_at": at("2026-04-01"),
        "acknowledge_within": at("2026-05-01") - at("2026-04-01"),
        "reviewed_at": at("2026-04-01"),
        "review_due_at": at("2027-04-01"),
        **more,
    }
