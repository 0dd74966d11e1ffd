"""journald's own records, as `journalctl -o json` and `-o export` write them (the latter are read as JSON, see `opening`).

Fields: the journal's own, and `host`, `program`, `process`, `message` and what services say of signing in, as of syslog.
"""

from collections.abc import Mapping
from typing import Any

from upheld.logs.event import Event, NoEvent, lenient, when
from upheld.logs.formats.services import sign_in

_NAMES = {"host": ("_HOSTNAME",), "program": ("SYSLOG_IDENTIFIER", "_COMM"), "process": ("SYSLOG_PID", "_PID"), "message": ("MESSAGE",)}


def event(line: str) -> Event:
    """Return what `line` says; raises `NoEvent` where it is no record of a journal."""
    said = lenient(line)
    if not isinstance(said, Mapping) or "__REALTIME_TIMESTAMP" not in said:
        raise NoEvent("it is no record of a journal: it has no __REALTIME_TIMESTAMP")
    fields = {name: _text(value) for name, value in said.items() if value is not None}
    for name, names in _NAMES.items():
        value = next((fields[each] for each in names if fields.get(each)), None)
        if isinstance(value, str):
            fields[name] = value
    told = sign_in(str(fields.get("program", "")), str(fields.get("message", "")))
    return Event(when(fields), fields | told, line)


def _text(value: Any) -> Any:
    """A value as text: bytes that are none are a list of their numbers."""
    if isinstance(value, list) and value and all(isinstance(each, int) and 0 <= each < 256 for each in value):
        return bytes(value).decode("utf-8", "replace")
    return value
