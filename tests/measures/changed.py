"""Rows about changes: each is in order unless told otherwise."""

from typing import Any

from tests.measures.made import Made, at


def change(name: str, **more: Any) -> Made:
    """A change of the shop that Ada proposed and Bob approved, at the beginning of May."""
    return {
        "id": name,
        "title": name.upper(),
        "kind": "normal",
        "state": "approved",
        "systems": ["shop"],
        "packages": [],
        "personal_data": False,
        "requested_by_id": "E-ada",
        "carried_out_by": ["E-ada"],
        "unattended": False,
        "from_at": at("2026-04-30"),
        "until_at": at("2026-05-09"),
        "approved_by_id": "E-bob",
        "approved_at": at("2026-04-29"),
        **more,
    }


def deployment(id: str, **more: Any) -> Made:
    """A deployment of shop/v2 on 1 May at noon, by the change shop-1."""
    said = {"id": id, "system_id": "shop", "environment": "production", "release_id": "shop/v2", "change_id": "shop-1"}
    return {**said, "deployed_by_id": "E-ada", "deployed_at": at("2026-05-01 12:00"), **more}


def commit(oid: str, **more: Any) -> Made:
    """A commit of the shop that Bob approved; it touches nothing personal."""
    return {
        "id": f"shop/{oid}",
        "repository_id": "shop",
        "oid": oid * 40,
        "branch": "main",
        "title": "Explain it",
        "author": "ada@example.com",
        "authors": ["ada@example.com"],
        "seen_at": at("2026-05-02"),
        "approvers": ["bob@example.com"],
        "approved_at": at("2026-05-01"),
        "is_merge": False,
        "changes": [],
        "labels": [],
        **more,
    }
