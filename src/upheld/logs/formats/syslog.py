"""Syslog as it lies in files (RFC 3164 and RFC 5424), and what sshd, sudo and PAM say in it about signing in.

Fields: `host`, `program`, `process`, `message`; of sign-ins `user`, `from_address`, `port`, `method`, `outcome` (success, failure)
and `reason`.
"""

import re
from datetime import UTC, datetime, timedelta

from upheld.logs.event import Event, NoEvent, instant

_OLD = re.compile(r"(?:<\d{1,3}>)?(?P<at>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?P<host>\S+) (?P<rest>.*)", re.DOTALL)
_ISO = re.compile(r"(?:<\d{1,3}>)?(?P<at>\d{4}-\d\d-\d\dT\S+) (?P<host>\S+) (?P<rest>.*)", re.DOTALL)
_NEW = re.compile(
    r"<\d{1,3}>1 (?P<at>\S+) (?P<host>\S+) (?P<program>\S+) (?P<process>\S+) \S+ (?:-|\[.*?\](?= |$)) ?(?P<message>.*)", re.DOTALL
)
_TAG = re.compile(r"(?P<program>[^\s:\[]+)(?:\[(?P<process>\d+)\])?: ?(?P<message>.*)", re.DOTALL)

_SIGN_INS = tuple(
    (outcome, reason, re.compile(pattern))
    for outcome, reason, pattern in (
        ("success", "", r"Accepted (?P<method>\S+) for (?P<user>.*) from (?P<from_address>\S+) port (?P<port>\d+)"),
        ("failure", "unknown", r"Failed (?P<method>\S+) for invalid user (?P<user>.*) from (?P<from_address>\S+) port (?P<port>\d+)"),
        ("failure", "credential", r"Failed (?P<method>\S+) for (?P<user>.*) from (?P<from_address>\S+) port (?P<port>\d+)"),
        ("failure", "unknown", r"Invalid user (?P<user>.*) from (?P<from_address>\S+)(?: port (?P<port>\d+))?"),
        ("failure", "expired", r"(?:pam_unix\(\S+\): )?account (?P<user>\S+) has (?:expired|password expired).*"),
        ("failure", "credential", r"pam_unix\(\S+:auth\): authentication failure;.* rhost=(?P<from_address>\S*)(?:\s+user=(?P<user>\S+))?"),
        ("failure", "not-allowed", r"User (?P<user>.*) from (?P<from_address>\S+) not allowed because .*"),
        ("failure", "not-allowed", r"\s*(?P<user>\S+) : (?:user NOT in sudoers|command not allowed|\d+ incorrect password attempts?) ; .*"),
        ("success", "", r"\s*(?P<user>\S+) : TTY=\S+ ; PWD=.* ; USER=\S+ ; COMMAND=.*"),
    )
)


def event(line: str, now: datetime | None = None) -> Event:
    """Return what `line` says; raises `NoEvent` where it is no syslog. `now` tells the year where the line does not (RFC 3164)."""
    found = _NEW.match(line)
    if found is not None:
        said = found.groupdict()
        return _event(instant(said["at"]), said["host"], said["program"], said["process"], said["message"], line)
    found = _ISO.match(line) or _OLD.match(line)
    if found is None:
        raise NoEvent("it begins with no time and host")
    at = instant(found["at"]) if found.re is _ISO else _of_this_year(found["at"], now or datetime.now(UTC))
    tag = _TAG.match(found["rest"])
    if tag is None:
        return _event(at, found["host"], "", "", found["rest"], line)
    return _event(at, found["host"], tag["program"], tag["process"] or "", tag["message"], line)


def _event(at: datetime | None, host: str, program: str, process: str, message: str, raw: str) -> Event:
    fields = {"host": host, "program": program, "process": process, "message": message}
    for outcome, reason, pattern in _SIGN_INS:
        found = pattern.match(message)
        if found is not None:
            fields |= {name: value for name, value in found.groupdict().items() if value} | {"outcome": outcome}
            fields |= {"reason": reason} if reason else {}
            break
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
