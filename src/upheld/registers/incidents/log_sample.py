"""Logs of the sample company: watched, read by rules, and what those found decided about, but for one; faults planted."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from upheld import workspace
from upheld.logs import watching
from upheld.logs.scanning import Scanner
from upheld.registers.incidents import deciding
from upheld.registers.incidents.models import Decision, SecurityEvent
from upheld.registers.incidents.queueing import queue
from upheld.registers.sampling import Company, PlantedFault

SILENT, EDITED, UNDECIDED = "monitoring", "backup", "website"
FAULTS = (
    PlantedFault("The log of the monitoring server has been silent for four days.", breaks=[("access/log_sources_live", SILENT)]),
    PlantedFault(
        "Somebody edited a line of the backup server's log after it was read.", breaks=[("operations/logs_complete", f"registers/{EDITED}")]
    ),
    PlantedFault(
        "Somebody tried to become root on the website's machine four days ago, and nobody has decided about it.",
        breaks=[("access/attempts_handled", "registers/3"), ("incidents/event_decided", "registers/8")],
    ),
)
_SILENCE = 3 * 24 * 3600
_SEEN, _READ = 7.0, 4.0  # days ago from when on lines are there, and when they were read first


def keep(company: Company) -> None:
    """Watch the logs, read them twice, and decide about what rules found the first time, but for one."""
    folder = workspace.current().root / "sample-logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    monitored = sorted(str(row["id"]) for row in company.rows("systems") if row["kind"] == "host")
    with company.at(_READ) as now:
        for system in monitored:
            lines = [*_lines(company, system, company.ago(_SEEN), now), *_attempts(system, now)]
            _write(folder / f"{system}.log", lines)
            watching.add(
                system,
                str(folder / f"{system}.log*"),
                "syslog",
                system_id=system,
                product="linux",
                service="auth",
                silent_after_seconds=_SILENCE,
            )
        _read()
    with company.at(_READ - 0.2):
        for event in SecurityEvent.objects.exclude(rule="").exclude(log=UNDECIDED).order_by("pk"):
            why = "A scanner on the internet tried names. Nobody gets in there by password."
            deciding.decide_event(event, by=company.lead(), decision=Decision.NONE, reason=why)
    for system in monitored:
        if system != SILENT:
            _write(folder / f"{system}.log", [*_lines(company, system, company.ago(_READ), company.now), *_unusable(company, system)])
    edited = folder / f"{EDITED}.log"
    edited.write_text(edited.read_text(encoding="utf-8").replace(" 203.0.113.99 ", " 198.51.100.7 "), encoding="utf-8")
    _read()


def _read() -> None:
    rules = watching.rules_now()
    for log in watching.watched():
        Scanner(log, rules).scan()
    queue()


def _write(path: Path, lines: list[tuple[datetime, str]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{at.isoformat(timespec='seconds')} {line}\n" for at, line in sorted(lines))


def _lines(company: Company, system: str, begin: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield an hour's check after the other, and sign-ins of who has an account there, more in office hours."""
    chance, at = Random(f"{system} {begin:%Y}"), begin  # noqa: S311  the same lines each time
    names = sorted(str(row["user_name"]) for row in company.rows("accounts") if row["system_id"] == system and row["enabled"])[:20]
    while at < end:
        yield at, f"{system} systemd[1]: Finished hourly check."
        for _ in range(chance.randrange(4) if 7 <= at.hour <= 18 and names else 0):
            moment, name = at + timedelta(seconds=chance.randrange(3000)), chance.choice(names)
            if moment < end:
                place = f"192.0.2.{20 + names.index(name)} port {chance.randrange(1024, 65_000)} ssh2"
                yield moment, f"{system} sshd[{chance.randrange(9999)}]: Accepted publickey for {name} from {place}"
        at += timedelta(hours=1)


def _attempts(system: str, now: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield what somebody tried before the first reading."""
    begin = now - timedelta(hours=3)
    if system == "vpn":
        for n in range(40):
            name = ("root", "admin", "test", "oracle", "git", "pi")[n % 6]
            said = f"vpn sshd[77]: Failed password for invalid user {name} from 203.0.113.7 port {4000 + n} ssh2"
            yield begin + timedelta(seconds=4 * n), said
    if system == UNDECIDED:
        yield begin, f"{system} sudo:   www : user NOT in sudoers ; TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/bin/sh"
    if system == EDITED:
        yield begin, f"{system} sshd[12]: Connection from 203.0.113.99 port 5122 on 192.0.2.5 port 22"


def _unusable(company: Company, system: str) -> Iterator[tuple[datetime, str]]:
    """Yield that an account was tried just now which is disabled."""
    names = sorted(str(row["user_name"]) for row in company.rows("accounts") if row["system_id"] == system and row["enabled"] is False)
    if system == "vpn" and names:
        yield company.now + timedelta(seconds=1), f"{system} sshd[9]: Failed password for {names[0]} from 203.0.113.20 port 4711 ssh2"
