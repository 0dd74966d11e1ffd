"""An event: one line of a log, its time, and its fields by name; nested ones by names with points. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """What one line says. `at` is when it says it happened (aware, UTC), None where it does not say."""

    at: datetime | None
    fields: Mapping[str, Any]
    raw: str


class NoEvent(ValueError):
    """A line says nothing in the format that it should be in."""


def flat(said: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return `said` with nested objects' fields under names joined by points; lists stay lists."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def instant(text: object) -> datetime | None:
    """Return the instant that ISO 8601, or seconds or milliseconds since 1970, say; without a zone it is taken as UTC. None for others."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        seconds = text / 1000 if text > 100_000_000_000 else text
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, OSError, ValueError):
            return None
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
