"""Who is signed in to a host right now: by logind where it runs, else by the processes of sshd."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from upheld.evidence.table import Row
from upheld.sources.host.accounts import account_id
from upheld.sources.host.answers import ABSENT, NO_SUCH_PROGRAM, Answers, Part, printable
from upheld.sources.host.passwd import people

# "1234 Sun Nov 22 16:43:12 2026 ada   sshd: ada@pts/0"; the parents of sessions are "sshd: ada [priv]".
SSHD = re.compile(
    r"\s*(?P<pid>\d+) +(?P<at>\w{3} \w{3} +\d+ [\d:]{8} \d{4}) +(?P<owner>\S+) +sshd(?:-session)?: (?P<user>\S+?)(?:@(?P<tty>\S+))?\s*$"
)
LOGIND_AT = "%a %Y-%m-%d %H:%M:%S UTC"
WAYS = {"tty": "console", "x11": "desktop", "wayland": "desktop", "mir": "desktop"}


def sessions(answers: Answers, system: str) -> Part:
    """Return a row for each session. Without logind, consoles and desktops are not known: the table is then partial."""
    part = Part("sessions")
    ids = {person.user: account_id(system, person) for person in people(answers)}
    logind, sshd = answers.of("logind"), answers.of("sshd_sessions")
    if logind.whole:
        part.rows += _of_logind(logind.text, system, ids)
        part.lack(("device_id", "used_mfa"), "logind does not keep it")
        return part
    part.rows += _of_sshd(sshd.text if sshd.whole else "", system, ids)
    part.lack(
        ("device_id", "used_mfa", "locked", "active_at", "from_address"), "without logind only the processes of sshd tell of sessions"
    )
    if not sshd.whole:
        part.cut_short.append(f"the processes of sshd: {sshd.why}")
    elif logind.status not in (NO_SUCH_PROGRAM, ABSENT):
        part.cut_short.append(f"logind: {logind.why}")
    return part


def _of_sshd(text: str, system: str, ids: dict[str, str]) -> Iterator[Row]:
    for line in text.split("\n"):
        found = SSHD.match(line)
        if found is None or found["tty"] is None:
            continue
        began = datetime.strptime(" ".join(found["at"].split()), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        user = printable(found["user"])
        yield {
            "id": f"{system}/{found['pid']}@{began:%Y%m%dT%H%M%S}",
            "system_id": system,
            "account_id": ids.get(user),
            "identifier": user,
            "way": "ssh",
            "interactive": found["tty"] != "notty",
            "remote": True,
            "started_at": began,
        }


def _of_logind(text: str, system: str, ids: dict[str, str]) -> Iterator[Row]:
    for block in text.split("@")[1:]:
        number, _, rest = block.partition("\n")
        said = dict(line.split("=", 1) for line in rest.split("\n") if "=" in line)
        user, began = printable(said.get("Name", "")), _at(said.get("Timestamp", ""))
        remote = said.get("Remote") == "yes"
        yield {
            "id": f"{system}/logind-{printable(number)}@{began:%Y%m%dT%H%M%S}" if began else f"{system}/logind-{printable(number)}",
            "system_id": system,
            "account_id": ids.get(user),
            "identifier": user,
            "way": "ssh" if said.get("Service") == "sshd" else WAYS.get(said.get("Type", ""), printable(said.get("Type") or "unspecified")),
            "interactive": bool(said.get("TTY")) or said.get("Type") in WAYS,
            "remote": remote,
            "from_address": printable(said["RemoteHost"]) if remote and said.get("RemoteHost") else None,
            "started_at": began,
            "active_at": _at(said.get("IdleSinceHint", "")) if said.get("IdleHint") == "yes" else None,
            "locked": {"yes": True, "no": False}.get(said.get("LockedHint", "")),
        }


def _at(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, LOGIND_AT).replace(tzinfo=UTC)
    except ValueError:
        return None
