"""CloudTrail's events as its interface hands them out: the whole event stands as text in one field."""

from collections.abc import Mapping
from typing import Any

import orjson


def unfolded(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the event that `event` has in its text; itself where it has none."""
    text = event.get("CloudTrailEvent")
    if not isinstance(text, str):
        return event
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return event
    return {**event, **said} if isinstance(said, dict) else event
