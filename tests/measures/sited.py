"""Rows about sites and assets for the tests of measures: each is in order unless told otherwise."""

from datetime import timedelta
from typing import Any

from tests.measures.made import Made, at, on

DIGEST = "d" * 64


def site(name: str = "hq", **more: Any) -> Made:
    """A site of ours, since 2020."""
    return {"id": name, "title": name.upper(), "operated_by": "own", "from_on": on("2020-01-01"), "hazards": [], **more}


def zone(name: str, **more: Any) -> Made:
    """An internal zone of the headquarters, with nothing in it."""
    held = dict.fromkeys(("processes_data", "personal_data", "equipment", "desks"), False)
    return {"id": name, "title": name.capitalize(), "site_id": "hq", "kind": "office", "classification": "internal", **held, **more}


def inspection(number: int, subject: str, kind: str, when: str, **more: Any) -> Made:
    """A round at which all was well."""
    return {"id": str(number), "kind": kind, "subject_id": subject, "inspected_at": at(when), "passed": True, **more}


def authorised(who: str, zone_id: str, **more: Any) -> Made:
    """An authorisation since 2020, without an end."""
    return {"id": f"{who}-{zone_id}", "person_id": f"E-{who}", "zone_id": zone_id, "from_on": on("2020-01-01"), **more}


def entry(number: int, zone_id: str | None, when: str | None = "2026-05-01 09:00", **more: Any) -> Made:
    """A line of the badge log."""
    return {"id": str(number), "zone_id": zone_id, "entered_at": at(when) if when else None, **more}


def visit(number: int, **more: Any) -> Made:
    """A visit to the lobby on 1 May, over at 10."""
    return {
        "id": str(number),
        "site_id": "hq",
        "badge": f"V-{number}",
        "zones": ["lobby"],
        "in_at": at("2026-05-01 09:00"),
        "out_at": at("2026-05-01 10:00"),
        "leave_by_at": at("2026-05-01 19:00"),
        **more,
    }


def protection(number: int, hazard: str, **more: Any) -> Made:
    """A protection of the headquarters that worked in April."""
    return {
        "id": str(number),
        "site_id": "hq",
        "hazard": hazard,
        "tested_at": at("2026-04-01"),
        "worked": True,
        "test_due_at": at("2027-04-01"),
        **more,
    }


def asset(name: str, **more: Any) -> Made:
    """A laptop in use that is on the inventory."""
    return {
        "id": name,
        "title": name.upper(),
        "kind": "device",
        "class_id": "laptop",
        "owner_id": "E-ada",
        "state": "in use",
        "storage": True,
        **more,
    }


def held(name: str, who: str, **more: Any) -> Made:
    """An asset that was handed out in March, and signed for."""
    return {
        "id": f"{name}-{who}",
        "asset_id": name,
        "holder_id": f"E-{who}",
        "given_at": at("2026-03-01"),
        "signed_at": at("2026-03-01"),
        **more,
    }


def permission(number: int, kind: str, **more: Any) -> Made:
    """A permission of Ada's since March, asked for by her and approved by Bob."""
    return {
        "id": str(number),
        "kind": kind,
        "person_id": "E-ada",
        "asset_id": None,
        "from_at": at("2026-03-01"),
        "until_at": None,
        "asked_by_id": "E-ada",
        "approved_by_id": "E-bob",
        "approved_at": at("2026-02-28"),
        **more,
    }


def wiped(number: int, name: str, **more: Any) -> Made:
    """An asset that was wiped on 1 April, and looked at the day after."""
    return {
        "id": str(number),
        "asset_id": name,
        "method": "purge",
        "sanitised_at": at("2026-04-01"),
        "verified_at": at("2026-04-02"),
        "verified": True,
        **more,
    }


HOUR = timedelta(hours=1)
