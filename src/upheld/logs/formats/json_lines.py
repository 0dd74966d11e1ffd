"""JSON, one object a line: Windows events, cloud audit logs, and most programs of today; rows of CSV come so, too (see `opening`)."""

from collections.abc import Mapping

from upheld.logs.event import Event, NoEvent, flat, lenient, when
from upheld.logs.formats import azure, sign_ins
from upheld.logs.formats.windows import unfolded


def event(line: str) -> Event:
    """Return what `line` says; raises `NoEvent` where it is no JSON object."""
    said = lenient(line)
    if not isinstance(said, Mapping):
        raise NoEvent("it is no JSON object")
    fields = flat(azure.unfolded(unfolded(said)))
    return Event(when(fields), fields | sign_ins.told(fields), line)
