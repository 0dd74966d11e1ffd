"""Rows about training for the tests of measures: each is in order unless told otherwise."""

from datetime import timedelta
from typing import Any

from tests.measures.made import Made, at, on


def course(name: str, **more: Any) -> Made:
    """A mandatory course for everybody, declared long ago, taken every year, which covers data protection and reporting."""
    return {
        "id": name,
        "title": name.capitalize(),
        "provider": "inside",
        "mandatory": True,
        "subjects": ["data-protection", "incident-reporting"],
        "roles": [],
        "departments": [],
        "repeat_every": timedelta(days=365),
        "first_within": timedelta(days=30),
        "declared_at": at("2020-01-01"),
        **more,
    }


def completed(who: str, what: str, when: str = "2026-04-01", **more: Any) -> Made:
    """Somebody completed a course in April."""
    said = {"id": f"{who}-{what}-{when}", "course_id": what, "provider": "inside", "person_id": f"E-{who}", "completed_on": on(when)}
    return {**said, **more}
