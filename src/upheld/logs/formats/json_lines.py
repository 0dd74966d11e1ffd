"""JSON, one object a line: Windows events, cloud audit logs, journald's export, and most programs of today."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from upheld.logs.event import Event, NoEvent, flat, instant

# Where programs say when, the surest first (Elastic Common Schema, Windows, CloudTrail, Azure, journald).
TIMES = ("@timestamp", "TimeCreated", "eventTime", "time", "timestamp", "ts", "UtcTime", "__REALTIME_TIMESTAMP")


def event(line: str) -> Event:
    """Return what `line` says; raises `NoEvent` where it is no JSON object."""
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise NoEvent(f"it is no JSON: {error}") from error
    if not isinstance(said, Mapping):
        raise NoEvent("it is JSON, but no object")
    fields = flat(said)
    return Event(next((at for name in TIMES if (at := _when(name, fields.get(name))) is not None), None), fields, line)


def _when(name: str, value: object) -> datetime | None:
    if name == "__REALTIME_TIMESTAMP" and str(value).isdigit():
        return instant(int(str(value)) / 1_000_000)
    return instant(value)
