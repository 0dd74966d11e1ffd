"""Answers of a host -> rows of software_installs: what dpkg wrote down, with who asked apt for it; and rpm's times of installation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from upheld.evidence.table import Row
from upheld.sources.host.answers import Answers, Part, printable

# dpkg(1): 2026-05-04 12:00:01 upgrade bash:amd64 5.2.15-2 5.2.15-3
LINE = re.compile(
    r"^(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<action>install|upgrade|remove) (?P<name>[^ :]+)(?::\S+)? (?P<old>\S+) (?P<new>\S+)$"
)
ASKED = re.compile(r"^(?P<user>.+) \(\d+\)$")
NONE = "<none>"


@dataclass(frozen=True)
class Asked:
    """One paragraph of apt's history: from when until when, who asked, and whether a program did it by itself."""

    from_at: datetime
    until_at: datetime
    by: str | None
    unattended: bool | None


def software_installs(answers: Answers, system: str) -> Part:
    """Return what was installed, upgraded and removed, as far as the logs that are left tell."""
    part = Part("software_installs")
    zone = time_zone(answers)
    part.rows += _dpkg_rows(answers, system, zone)
    part.rows += _rpm_rows(answers, system)
    log, history = answers.of("dpkg_log"), answers.of("apt_history")
    if not log.whole and not answers.of("rpm_installs").whole:
        part.cut_short.append(f"the package manager's log: {log.why}")
    if part.rows and not history.whole:
        part.lack(["done_by", "unattended"], f"apt's history: {history.why}")
    if zone is None and log.text.strip():
        part.deny(["done_at"], "the host does not tell its time zone, in which its logs are written")
    return part


def _dpkg_rows(answers: Answers, system: str, zone: ZoneInfo | None) -> Iterator[Row]:
    history = list(_asked(answers.of("apt_history").text, zone)) if zone else []
    for line in answers.of("dpkg_log").text.split("\n"):
        found = LINE.match(line)
        if found is None:
            continue
        at = _instant(found["at"], zone)
        asked = _by(history, at)
        name, new = printable(found["name"]), found["new"]
        yield {
            "id": f"{system}/{found['at']}/{found['action']}/{name}",
            "system_id": system,
            "manager": "dpkg",
            "action": found["action"],
            "package": name,
            "version": None if new == NONE else printable(new),
            "done_by": asked.by if asked else None,
            "unattended": asked.unattended if asked else None,
            "done_at": at,
        }


def _rpm_rows(answers: Answers, system: str) -> Iterator[Row]:
    """Of each package rpm knows only when it was installed as it is now."""
    for line in answers.of("rpm_installs").text.split("\n"):
        words = line.split("\t")
        if len(words) == 3 and words[2].isdecimal():
            name, version, at = words
            yield {
                "id": f"{system}/{at}/install/{name}={version}",
                "system_id": system,
                "manager": "rpm",
                "action": "install",
                "package": name,
                "version": version,
                "done_at": datetime.fromtimestamp(int(at), UTC),
            }


def _asked(text: str, zone: ZoneInfo) -> Iterator[Asked]:
    for paragraph in text.split("\n\n"):
        said = dict(line.partition(": ")[::2] for line in paragraph.strip().split("\n"))
        from_at = _instant(" ".join(said.get("Start-Date", "").split()), zone)
        until_at = _instant(" ".join(said.get("End-Date", "").split()), zone)
        if from_at is None:
            continue
        asked = ASKED.match(said.get("Requested-By", ""))
        unattended = True if "unattended-upgrade" in said.get("Commandline", "") else False if asked else None
        yield Asked(from_at, until_at or from_at, printable(asked["user"]) if asked else None, unattended)


def _by(history: Sequence[Asked], at: datetime | None) -> Asked | None:
    """Return by whom it was done at `at`; nobody where two paragraphs say otherwise."""
    found = {each for each in history if at is not None and each.from_at <= at <= each.until_at}
    return found.pop() if len({(each.by, each.unattended) for each in found}) == 1 else None


def _instant(text: str, zone: ZoneInfo | None) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC) if zone else None
    except ValueError:
        return None


def time_zone(answers: Answers) -> ZoneInfo | None:
    """Return the zone in which the host writes its logs; None where it does not tell."""
    said = answers.of("zone")
    name = said.text.strip().rpartition("zoneinfo/")[2]
    try:
        return ZoneInfo(name) if said.whole and name else None
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None
