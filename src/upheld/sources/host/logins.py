"""When each account last signed in: lastlog and wtmp, as their programs print them (LC_ALL=C, TZ=UTC)."""

import re
from datetime import UTC, datetime

from upheld.sources.host.answers import Answers, printable

LASTLOG = re.compile(r"(?P<user>\S+)\s.*?(?P<at>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [+-]\d{4} \d{4})\s*$")
WTMP = re.compile(r"(?P<user>\S+)\s+\S+.*?(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d)")


def last_logins(answers: Answers) -> tuple[dict[str, datetime], str]:
    """Return (last sign-in by user, why nothing can be said about the others; empty when lastlog tells)."""
    found: dict[str, datetime] = {}
    for line in answers.of("wtmp").text.split("\n"):
        match = WTMP.match(line)
        if match and match["user"] not in {"reboot", "shutdown", "runlevel", "wtmp"}:
            _later(found, match["user"], datetime.fromisoformat(match["at"]))
    lastlog = answers.of("lastlog")
    for line in lastlog.text.split("\n"):
        match = LASTLOG.match(line)
        if match:
            _later(found, match["user"], datetime.strptime(match["at"], "%a %b %d %H:%M:%S %z %Y"))
    if lastlog.whole:
        return found, ""
    return found, f"lastlog: {lastlog.why}; wtmp knows only the sign-ins since it was last rotated"


def _later(found: dict[str, datetime], user: str, at: datetime) -> None:
    user, at = printable(user), at.astimezone(UTC)
    found[user] = max(at, found.get(user, at))
