"""Syslog as it lies in files (RFC 3164 and RFC 5424).

Fields: `host`, `program`, `process`, `message`, `sequence` (RFC 5424, meta), and those of `services`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from upheld.logs.event import Event, NoEvent, instant
from upheld.logs.formats.services import Sessions, sign_in

_OLD = re.compile(r"(?:<\d{1,3}>)?(?P<at>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?P<host>\S+) (?P<rest>.*)", re.DOTALL)
_ISO = re.compile(r"(?:<\d{1,3}>)?(?P<at>\d{4}-\d\d-\d\dT\S+) (?P<host>\S+) (?P<rest>.*)", re.DOTALL)
_NEW = re.compile(
    r"<\d{1,3}>1 (?P<at>\S+) (?P<host>\S+) (?P<program>\S+) (?P<process>\S+) \S+ (?:-|(?P<data>\[.*?\])(?= |$)) ?(?P<message>.*)", re.DOTALL
)
_SEQUENCE = re.compile(r'\[meta [^\]]*?sequenceId="(\d{1,10})"')
_TAG = re.compile(r"(?P<program>[^\s:\[]+)(?:\[(?P<process>\d+)\])?: ?(?P<message>.*)", re.DOTALL)


def event(line: str, now: datetime | None = None) -> Event:
    """Return what `line` says; raises `NoEvent` where it is no syslog. `now` tells the year where the line does not (RFC 3164)."""
    found = _NEW.match(line)
    if found is not None:
        said = found.groupdict()
        numbered = _SEQUENCE.search(said["data"] or "")
        read = _event(instant(said["at"]), said["host"], said["program"], said["process"], said["message"], line)
        return replace(read, fields={**read.fields, "sequence": numbered[1]}) if numbered else read
    found = _ISO.match(line) or _OLD.match(line)
    if found is None:
        raise NoEvent("it begins with no time and host")
    at = instant(found["at"]) if found.re is _ISO else _of_this_year(found["at"], now or datetime.now(UTC))
    tag = _TAG.match(found["rest"])
    if tag is None:
        return _event(at, found["host"], "", "", found["rest"], line)
    return _event(at, found["host"], tag["program"], tag["process"] or "", tag["message"], line)


def reader() -> Callable[[str], Event]:
    """Return what reads lines one after the other as `event` does, and remembers of connections what later lines do not say again."""
    sessions = Sessions()

    def read(line: str) -> Event:
        found = event(line)
        more = sessions.told(found.fields)
        return replace(found, fields={**found.fields, **more}) if more else found

    return read


def _event(at: datetime | None, host: str, program: str, process: str, message: str, raw: str) -> Event:
    fields = {"host": host, "program": program, "process": process, "message": message}
    fields |= sign_in(program, message)
    return Event(at, {name: value for name, value in fields.items() if value not in ("", "-")}, raw)


def _of_this_year(text: str, now: datetime) -> datetime | None:
    """A time without a year is the last such: a day ahead of now is one of last year."""
    for year in (now.year, now.year - 1, now.year - 4):
        try:
            read = datetime.strptime(f"{year} {text}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            continue
        if read <= now + timedelta(days=1):
            return read
    return None
