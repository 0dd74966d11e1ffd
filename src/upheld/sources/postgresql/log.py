"""Who signed in last, from the server's log (log_connections = on)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

AUTHORIZED = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (?P<zone>\S+) .*?(?:LOG:|\"LOG\",).*?connection authorized: user=(?P<user>.+?)"
    r"(?: database=| application_name=| SSL enabled| GSS |\"|$)"
)
BEGINS = re.compile(r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (?P<zone>\S+) ")
UTC_NAMES = {"UTC", "GMT", "Z", "Etc/UTC"}


@dataclass
class Seen:
    """Last successful sign-in by role name, and the first instant that the log speaks of (None: it speaks of none)."""

    since: datetime | None = None
    last: dict[str, datetime] = field(default_factory=dict)


def sign_ins(lines: Iterable[str], log_timezone: str) -> Seen:
    """Return what log `lines` tell, in the server's format stderr with %m or %t at the beginning of log_line_prefix."""
    seen = Seen()
    zone = _zone(log_timezone)
    for line in lines:
        if seen.since is None:
            first = BEGINS.match(line)
            seen.since = _instant(first["at"], first["zone"], zone) if first else None
        found = AUTHORIZED.match(line) if "connection authorized" in line else None
        at = _instant(found["at"], found["zone"], zone) if found else None
        if found and at and at > seen.last.get(found["user"], datetime.min.replace(tzinfo=UTC)):
            seen.last[found["user"]] = at
    return seen


def _zone(name: str) -> tzinfo | None:
    if name in UTC_NAMES:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _instant(at: str, abbreviation: str, zone: tzinfo | None) -> datetime | None:
    """Return the instant; an abbreviation such as CET is read by the server's own log_timezone, since it names no one zone."""
    chosen = UTC if abbreviation in UTC_NAMES else zone
    try:
        return datetime.fromisoformat(at).replace(tzinfo=chosen).astimezone(UTC) if chosen else None
    except ValueError:
        return None
