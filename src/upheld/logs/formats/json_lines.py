"""JSON, one object a line: Windows events, cloud audit logs, and most programs of today; rows of CSV come so, too (see `opening`)."""

from collections.abc import Mapping
from typing import Any

from upheld.logs.event import Event, NoEvent, flat, lenient, when
from upheld.logs.formats import azure, cloudtrail, sign_ins
from upheld.logs.formats.windows import unfolded


def event(line: str) -> Event:
    """Return what `line` says; raises `NoEvent` where it is no JSON object."""
    said = lenient(line)
    if not isinstance(said, Mapping):
        raise NoEvent("it is no JSON object")
    found = fields(said)
    return Event(when(found), found, line)


def fields(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the object `said`: nested ones under names with points, and what it tells of a sign-in."""
    found = flat(azure.unfolded(cloudtrail.unfolded(unfolded(said))))
    return found | sign_ins.told(found)
