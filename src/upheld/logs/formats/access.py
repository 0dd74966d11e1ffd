"""Access logs of web servers in the combined format (nginx, Apache).

Fields: `client`, `user`, `method`, `path`, `status`, `bytes`, `referer`, `agent`; `request` where it is no HTTP.
"""

import re
from datetime import UTC, datetime

from upheld.logs.event import Event, NoEvent

_LINE = re.compile(
    r"(?P<client>\S+) \S+ (?P<user>\S+) \[(?P<at>[^\]]+)\] "
    r'"(?:(?P<method>[A-Z]+) (?P<path>\S+)[^"]*|(?P<request>(?:[^"\\]|\\.)*))" '
    r'(?P<status>\d{3}) (?P<bytes>\d+|-)(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?.*'
)


def event(line: str) -> Event:
    """Return what `line` says; raises `NoEvent` where it is not of the combined format."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise NoEvent("it is not of the combined format")
    said = {name: value for name, value in found.groupdict().items() if value not in (None, "", "-") and name != "at"}
    try:
        at = datetime.strptime(found["at"], "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC)
    except ValueError:
        at = None
    return Event(at, said, line)
