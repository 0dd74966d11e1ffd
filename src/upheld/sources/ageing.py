"""How long a file that people keep speaks for the present: one that nobody has saved for years says nothing of today."""

from datetime import UTC, datetime, timedelta

from upheld.sources.source import Misconfigured, Setting

MAX_AGE = Setting("max_age", "days after which a file that was not saved again no longer speaks for the present; 0: for ever", "366")


def limit(days: str) -> timedelta | None:
    """Return the setting `max_age` as a span, None for no limit. Raises `Misconfigured`."""
    if not days.isascii() or not days.isdigit() or len(days) > 6:
        raise Misconfigured(f"max_age is {days[:40]!r}; it is a number of days, such as 366, or 0 for no limit")
    return timedelta(days=int(days)) if int(days) else None


def outdated(changed: float, seen_at: datetime, max_age: timedelta | None) -> str:
    """Return why a file last changed at `changed` (seconds since 1970) no longer speaks at `seen_at`; empty where it does."""
    if max_age is None or changed >= (seen_at - max_age).timestamp():
        return ""
    return (
        f"it was last changed on {datetime.fromtimestamp(changed, UTC):%Y-%m-%d}, more than {max_age.days:,} days ago, and does not "
        "speak for the present: look it through and save it again, or set max_age"
    )
