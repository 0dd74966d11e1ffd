"""By when a finding is to be mended: the sooner, the more severe its measure. Pure."""

from datetime import date, datetime, timedelta

WITHIN = {"critical": timedelta(days=7), "high": timedelta(days=30), "medium": timedelta(days=90), "low": timedelta(days=180)}


def due_on(severity: str, first_seen_at: datetime, agreed: date | None) -> date:
    """Return the day: the one that was `agreed`, else so many days after it was first seen."""
    return agreed or (first_seen_at + WITHIN.get(severity, WITHIN["medium"])).date()
