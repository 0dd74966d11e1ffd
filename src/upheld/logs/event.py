"""An event: one line of a log, its time, and its fields by name; nested ones by names with points. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

# Where programs say when, the surest first (Elastic Common Schema, Windows, CloudTrail, Azure, journald).
TIMES = (
    "@timestamp",
    "TimeCreated",
    "eventTime",
    "eventTimestamp",
    "time",
    "timestamp",
    "ts",
    "UtcTime",
    "published",
    "createdDateTime",
    "CreationTime",
    "requestReceivedTimestamp",
    "__REALTIME_TIMESTAMP",
)
# As many digits as microseconds since 1970 may have.
_MICROSECONDS = 18


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


def when(fields: Mapping[str, Any]) -> datetime | None:
    """Return when an event with `fields` says it happened; None where it does not."""
    return next((at for name in TIMES if (at := _at(name, fields.get(name))) is not None), None)


def _at(name: str, value: object) -> datetime | None:
    if name == "__REALTIME_TIMESTAMP" and len(said := str(value)) <= _MICROSECONDS and said.isdecimal():
        return instant(int(said) / 1_000_000)
    return instant(value)


def instant(text: object) -> datetime | None:
    """Return the instant that ISO 8601, or seconds or milliseconds since 1970, say; without a zone it is taken as UTC. None for others."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        try:
            return datetime.fromtimestamp(text / 1000 if text > 100_000_000_000 else text, UTC)
        except (OverflowError, OSError, ValueError):
            return None
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text.strip())
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def lenient(line: bytes | str) -> object:
    """Return the JSON in `line`, with halves of characters replaced where a program cut a text in two; None where it is none."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        pass
    try:
        text = line if isinstance(line, str) else line.decode("utf-8", "replace")
        return _whole(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _whole(said: Any) -> Any:
    if isinstance(said, str):
        return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(said, dict):
        return {_whole(name): _whole(value) for name, value in said.items()}
    return [_whole(each) for each in said] if isinstance(said, list) else said
