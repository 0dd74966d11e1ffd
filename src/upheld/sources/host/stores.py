"""Answers of a host -> rows of store_readers, from the rights on folders; and of restores, from what sudo wrote down."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from upheld.evidence.table import Row
from upheld.sources.host.answers import Answers, Part, printable
from upheld.sources.host.installs import time_zone

EVERYBODY = "everybody"
# 2026-05-04T12:00:00.1+02:00 host sudo[7]: ada : TTY=... ; COMMAND=...; older logs begin "May  4 12:00:00", without a year.
LINE = re.compile(
    r"^(?P<at>\d{4}-\S+|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d) \S+ sudo(?:\[\d+\])?: +(?P<user>\S+) : (?:.* ; )?COMMAND=(?P<command>.+)$"
)
RESTORING = re.compile(
    r"(?P<tool>restic|borg|pg_restore|pgbackrest|duplicity|barman|rdiff-backup|bconsole)\b(?P<rest>.*)$",
)
VERBS = re.compile(r"(?:^|\s)(?:restore|extract|recover|-r|--restore)(?:\s|$)")


def restores(answers: Answers, system: str, now: datetime) -> Part:
    """Return what was restored by sudo: who and by which program; of the command nothing else is kept, since it may hold a secret."""
    part, log, zone = Part("restores"), answers.of("sudo_log"), time_zone(answers)
    for line in log.text.split("\n"):
        found = LINE.match(line)
        tool = _restoring(found["command"]) if found else ""
        if found is None or not tool:
            continue
        user = printable(found["user"])
        at = _instant(found["at"], zone, now)
        said: Row = {"system_id": system, "tool": tool, "done_by": user, "done_at": at}
        part.rows.append({"id": f"{system}/{found['at']}/{user}/{tool}", **said})
    if not log.whole:
        part.cut_short.append(f"what sudo wrote down: {log.why}")
    return part


def _restoring(command: str) -> str:
    """Return the program by which `command` restores, "" where it does not."""
    found = RESTORING.search(command)
    if found is None:
        return ""
    return found["tool"] if found["tool"] == "pg_restore" or VERBS.search(found["rest"]) else ""


def _instant(said: str, zone: ZoneInfo | None, now: datetime) -> datetime | None:
    """Of an instant without a year it is the newest that is over."""
    try:
        if said[0].isdigit():
            at = datetime.fromisoformat(said)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=zone).astimezone(UTC) if zone else None
        at = datetime.strptime(f"{now.year} {said}", "%Y %b %d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
    return None if zone is None else at if at <= now + timedelta(days=1) else at.replace(year=at.year - 1)


def store_readers(answers: Answers, stores: Sequence[str]) -> Part:
    """Return who may list and write the folders `stores`: owner, members of the group, who an access list names, root, or everybody."""
    part = Part("store_readers")
    for store in stores:
        told = answers.of(f"store {store}")
        if not told.whole:
            part.cut_short.append(f"the folder {store}: {told.why}")
            continue
        for principal, access in sorted(set(_rights(told.text, _members(answers)))):
            part.rows.append({"id": f"{store}/{principal}/{access}", "store_id": store, "principal": principal, "access": access})
    return part


def _rights(told: str, members: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    mode, owner, group = told.split("\n")[0].split(" ", 2)
    bits = mode[-3:].zfill(3)
    listed = [line.split(":") for line in told.split("\n")[1:] if line.count(":") == 2]
    acl = [({name} if kind == "user" else members.get(name, {f"%{name}"}), given) for kind, name, given in listed]
    of_mode = [({owner}, bits[0]), (members.get(group, {f"%{group}"}), bits[1]), ({EVERYBODY}, bits[2]), ({"root"}, "7")]
    for holders, digit in of_mode:
        for access, needed in (("read", 5), ("change", 2)):
            if int(digit) & needed:
                yield from ((printable(holder), access) for holder in holders)
    for holders, given in acl:
        for access, letters in (("read", "rx"), ("change", "w")):
            if set(given) & set(letters):
                yield from ((printable(holder), access) for holder in holders)


def _members(answers: Answers) -> dict[str, set[str]]:
    """Who is in each group: by the list of groups, or by what their account says."""
    groups = [line.split(":") for line in answers.file("/etc/group").text.split("\n") if line.count(":") == 3]
    accounts = [line.split(":") for line in answers.file("/etc/passwd").text.split("\n") if line.count(":") == 6]
    found = {name: set(filter(None, members.split(","))) for name, _, _, members in groups}
    for name, _, number, _ in groups:
        found[name] |= {account[0] for account in accounts if account[3] == number}
    return found
