"""The chores that read logs: what is new in each, every minute, with rules that are read again only when a file of theirs changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from upheld import workspace
from upheld.jobs.chore import Chore, Unsuccessful
from upheld.logs import watching
from upheld.logs.models import WatchedLog
from upheld.logs.scanning import Scanner
from upheld.logs.sigma.rule import RuleSet
from upheld.registers.incidents.queueing import queue
from upheld.runlock import run_lock

EVERY = timedelta(minutes=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield one chore a log."""
    for log in watching.watched():
        last = log.scans.order_by("-began_at").values_list("began_at", flat=True).first()
        yield Chore(f"read log {log.name}", now if last is None else last + EVERY, partial(_read, log))


def _read(log: WatchedLog) -> str:
    with run_lock(workspace.current()):
        scan = Scanner(log, _rules(_stamp())).scan()
    queue()
    if scan.troubles:
        raise Unsuccessful(f"{scan.lines:,} lines; {scan.troubles[0]['what']}")
    return f"{scan.lines:,} lines, {scan.detections.count():,} detections"


def _stamp() -> tuple[tuple[Path, int, int], ...]:
    """What the rules' files are, by which to know that none changed."""
    return tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in watching.rule_files())


@lru_cache(maxsize=1)
def _rules(stamp: tuple[tuple[Path, int, int], ...]) -> RuleSet:
    return watching.rules()
