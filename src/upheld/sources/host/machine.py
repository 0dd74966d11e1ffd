"""Answers of a host -> rows of hosts, capacity_readings and clock_readings."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.host.answers import ABSENT, NO_SUCH_PROGRAM, TIMED_OUT, Answers, Part

CHRONY_FIELDS = 14


def host_name(answers: Answers) -> str:
    """Return the name the host gives itself; that of its tree where only a tree is read."""
    lines = answers.of("uname").text.split("\n")
    return answers.file("/etc/hostname").text.strip() or (lines[3] if len(lines) > 3 else "")


def clock_offset(answers: Answers, ours: datetime) -> timedelta | None:
    """How far the host's clock is ahead of `ours`, to within the time an answer takes."""
    try:
        return timedelta(seconds=round(float(answers.of("clock").text.strip()) - ours.timestamp(), 3))
    except ValueError:
        return None


def hosts(answers: Answers, system: str, root: str = "") -> Part:
    """Return the one row about the machine; a tree of files below `root` does not tell which machine it runs on."""
    uname = [*answers.of("uname").text.split("\n"), "", "", ""]
    boot = re.search(r"btime (\d+)", answers.of("boot").text)
    row: Row = {
        "id": system,
        "name": host_name(answers) or None,
        "operating_system": _release(answers),
        "kernel": uname[1] or None,
        "architecture": uname[2] or None,
        "booted_at": datetime.fromtimestamp(int(boot[1]), UTC) if boot else None,
        "memory_bytes": meminfo(answers).get("MemTotal"),
    }
    if root:
        row = {**row, "kernel": None, "architecture": None, "booted_at": None, "memory_bytes": None}
    return Part("hosts", rows=[row])


def _release(answers: Answers) -> str | None:
    text = answers.file("/etc/os-release").text or answers.file("/usr/lib/os-release").text
    match = re.search(r'^PRETTY_NAME="?([^"\n]*)"?$', text, re.MULTILINE)
    return match[1] if match else None


def meminfo(answers: Answers) -> dict[str, int]:
    """Return /proc/meminfo in bytes."""
    return {name: int(kib) * 1024 for name, kib in re.findall(r"^(\w+):\s+(\d+) kB$", answers.of("meminfo").text, re.MULTILINE)}


def mounts(answers: Answers) -> list[Mapping[str, object]]:
    """Return what findmnt lists, flattened; empty when it could not tell."""
    try:
        top = json.loads(answers.of("mounts").text)["filesystems"]
    except (ValueError, KeyError, TypeError):
        return []
    return list(_flat(top))


def _flat(nodes: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for node in nodes:
        yield node
        children = node.get("children")
        if isinstance(children, list):
            yield from _flat(children)


def capacity_readings(answers: Answers, system: str, at: datetime) -> Part:
    """Return disks and memory; a disk's room is what is used and what users may still fill."""
    part = Part("capacity_readings")
    for mount in mounts(answers):
        used, left = _bytes(mount.get("used")), _bytes(mount.get("avail"))
        if used is not None and left is not None and used + left > 0:
            part.rows.append(_reading(system, f"disk:{mount['target']}", at, used, used + left))
    memory = meminfo(answers)
    if {"MemTotal", "MemAvailable"} <= memory.keys():
        part.rows.append(_reading(system, "memory", at, memory["MemTotal"] - memory["MemAvailable"], memory["MemTotal"]))
    else:
        part.cut_short.append(f"/proc/meminfo: {answers.of('meminfo').why}")
    if not answers.of("mounts").whole:
        part.cut_short.append(f"findmnt: {answers.of('mounts').why}")
    return part


def _bytes(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None


def _reading(system: str, resource: str, at: datetime, used: int, available: int) -> Row:
    return {
        "id": f"{system}/{resource}",
        "system_id": system,
        "resource": resource,
        "measured_at": at,
        "used": float(used),
        "available": float(available),
        "unit": "bytes",
    }


def clock_readings(answers: Answers, system: str, at: datetime) -> Part:
    """Return what chrony and timesyncd say of themselves; nothing where neither is installed."""
    part = Part("clock_readings")
    chrony, timesync = answers.of("chrony"), answers.of("timesync")
    unanswered = [name for name in ("chrony", "timesync") if answers.of(name).status in {None, *TIMED_OUT}]
    part.cut_short += [f"{name}: {answers.of(name).why}" for name in unanswered]
    if chrony.status not in {NO_SUCH_PROGRAM, ABSENT} and "chrony" not in unanswered:
        part.rows.append(_chrony(chrony.text if chrony.whole else "", system, at))
    elif timesync.whole:
        part.rows.append(_timesync(timesync.text, system, at))
    return part


def _chrony(text: str, system: str, at: datetime) -> Row:
    """`chronyc -c tracking`; its correction is positive when the clock is behind. No answer: chronyd does not run, nothing follows."""
    words = text.strip().split(",")
    if len(words) < CHRONY_FIELDS:
        return {"id": f"{system}/chrony", "system_id": system, "way": "chrony", "measured_at": at, "synchronised": False}
    delay, dispersion = float(words[10]), float(words[11])
    return {
        "id": f"{system}/chrony",
        "system_id": system,
        "way": "chrony",
        "measured_at": at,
        "clock_offset": timedelta(seconds=-float(words[4])),
        "uncertainty": timedelta(seconds=delay / 2 + dispersion),
        "reference": words[1] or words[0],
        "stratum": int(words[2]),
        "synchronised": words[13] in {"Normal", "Insert second", "Delete second"},
    }


def _timesync(text: str, system: str, at: datetime) -> Row:
    offset = re.search(r"Offset: ([+-]?)((?:[\d.]+(?:us|ms|s|min|h)\s*)+)", text)
    server = re.search(r"Server: (\S+)", text)
    stratum = re.search(r"Stratum: (\d+)", text)
    span = _span(offset[2]) if offset else None
    return {
        "id": f"{system}/timesyncd",
        "system_id": system,
        "way": "timesyncd",
        "measured_at": at,
        "clock_offset": (-span if offset and offset[1] == "+" else span) if span is not None else None,
        "reference": server[1] if server else None,
        "stratum": int(stratum[1]) if stratum else None,
        "synchronised": "NTPSynchronized=yes" in text,
    }


def _span(text: str) -> timedelta:
    """systemd's spans: 1min 2.5s, 300us. Its offset is what must be added to the clock, hence the sign above."""
    seconds = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
    return timedelta(seconds=sum(float(number) * seconds[unit] for number, unit in re.findall(r"([\d.]+)(us|ms|s|min|h)", text)))
