"""Rows about suppliers for the tests of measures: each is in order unless told otherwise."""

from datetime import timedelta

from tests.measures.made import Made, at, on


def supplier(name: str, **more: object) -> Made:
    """A supplier of high risk that touches our information, engaged since 2022 and reviewed in February."""
    return {
        "id": name,
        "title": name.upper(),
        "owner_id": "E-ada",
        "provides": ["hosting"],
        "tier": "high",
        "touches": True,
        "personal_data": True,
        "from_on": on("2022-01-01"),
        "reviewed_at": at("2026-02-01"),
        "chain_disclosed_at": at("2026-02-01"),
        **more,
    }


def requirement(name: str, *tiers: str, **more: object) -> Made:
    """Something required of suppliers of high and critical risk."""
    return {"id": name, "title": name.capitalize(), "tiers": list(tiers or ("high", "critical")), "supply_chain": False, **more}


def agreement(of: str, *requirements: str, **more: object) -> Made:
    """A checked agreement with a supplier, without an end."""
    return {
        "id": f"{of}-{'-'.join(requirements)}",
        "supplier_id": of,
        "title": f"With {of}",
        "from_on": on("2022-01-01"),
        "requirements": list(requirements),
        "recovery_time": timedelta(hours=4),
        "checked_at": at("2022-01-02"),
        **more,
    }
