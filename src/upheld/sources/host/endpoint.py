"""Answers of a host that is somebody's endpoint -> its row of devices: encryption, agent against malware, screen lock."""

import re
from datetime import UTC, datetime, timedelta

from upheld.sources.host.answers import NO_SUCH_PROGRAM, Answers, Part
from upheld.sources.host.machine import host_name, hosts
from upheld.sources.host.storage import volumes

LOCKS = ("/org/gnome/desktop/screensaver/lock-enabled", "/org/gnome/desktop/session/idle-delay")


def devices(answers: Answers, system: str, kind: str, at: datetime) -> Part:
    """Return the row of the device `system`; `kind` is laptop, desktop or server."""
    part = Part("devices")
    agent, running = _agent(answers)
    part.rows.append(
        {
            "id": device_id(answers, system),
            "name": host_name(answers),
            "kind": kind,
            "operating_system": hosts(answers, system).rows[0]["operating_system"],
            "in_use": True,
            "encrypted": _encrypted(answers, system),
            "malware_agent": agent,
            "malware_agent_running": running,
            "signatures_at": _signatures(answers),
            "locks_after": screen_lock(answers)[0],
            "lock_enforced": screen_lock(answers)[1],
            "mobile": kind == "laptop",
            "last_seen_at": at,
        }
    )
    part.lack(("last_scan_at", "owner_id", "passcode"), "the host does not say")
    return part


def device_id(answers: Answers, system: str) -> str:
    """Return what the endpoint goes by: its serial number, else the name of the system."""
    return answers.of("serial").text.strip() or system


def _encrypted(answers: Answers, system: str) -> bool | None:
    """Whether every volume is; false if one is not, unknown if one is unknown. /boot holds no data."""
    said = [row["encrypted"] for row in volumes(answers, system).rows if not str(row["mounted_on"]).startswith("/boot")]
    if False in said:
        return False
    return None if None in said or not said else True


def _agent(answers: Answers) -> tuple[str | None, bool | None]:
    clamav, clamd = answers.of("clamav"), answers.of("clamd")
    if clamav.status == NO_SUCH_PROGRAM and not clamd.text.strip():
        return None, False if clamd.whole else None
    version = clamav.text.strip().split("/")[0]
    return version or "ClamAV", bool(clamd.text.strip()) if clamd.whole else None


def _signatures(answers: Answers) -> datetime | None:
    """`ClamAV 1.4.6/27450/Mon Nov  2 08:41:12 2026`, in UTC since the questions are asked so; no third part without signatures."""
    parts = answers.of("clamav").text.strip().split("/")
    if len(parts) < 3:
        return None
    try:
        return datetime.strptime(" ".join(parts[2].split()), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def screen_lock(answers: Answers) -> tuple[timedelta | None, bool | None]:
    """Return (idle time before the screen locks, whether its user cannot change that), from dconf's keyfiles and locks.

    Without dconf files nothing is known; with them, a lock that is not written there is not enforced.
    """
    found = {path: part.text for path, part in answers.starting("file").items() if path.startswith("/etc/dconf/db/")}
    written = "\n".join(text for path, text in found.items() if "/locks/" not in path)
    locked = {line.strip() for path, text in found.items() if "/locks/" in path for line in text.split("\n")}
    if not found:
        return None, None
    idle = _setting(written, "org/gnome/desktop/session", "idle-delay")
    delay = _setting(written, "org/gnome/desktop/screensaver", "lock-delay")
    enabled = _setting(written, "org/gnome/desktop/screensaver", "lock-enabled")
    seconds = int(idle) if idle and idle.isdecimal() else 0
    if enabled != "true" or seconds == 0:
        return None, False
    return timedelta(seconds=seconds + int(delay or 0)), set(LOCKS) <= locked


def _setting(text: str, section: str, name: str) -> str | None:
    match = re.search(rf"^\[{re.escape(section)}\]\n((?:(?!\[).*\n?)*)", text, re.MULTILINE)
    value = re.search(rf"^{re.escape(name)}\s*=\s*(?:uint32\s+)?(\S+)", match[1], re.MULTILINE) if match else None
    return value[1] if value else None
