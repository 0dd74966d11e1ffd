"""The chores that read logs: what is new in each, every minute, with rules that are read again only when a file of theirs changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from upheld import workspace
from upheld.jobs.chore import Chore, Unsuccessful
from upheld.logs import watching
from upheld.logs.models import WatchedLog
from upheld.logs.retro import catch_up
from upheld.logs.scanning import Scanner
from upheld.logs.storing import tidy
from upheld.registers.incidents.queueing import queue
from upheld.runlock import run_lock

EVERY = timedelta(minutes=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield one chore a log."""
    for log in watching.watched():
        yield Chore(f"tidy log {log.name}", _tidied_next(log, now), partial(_tidy, log))
        last = log.scans.order_by("-began_at").values_list("began_at", flat=True).first()
        yield Chore(f"read log {log.name}", now if last is None else last + EVERY, partial(_read, log))


def _read(log: WatchedLog) -> str:
    with run_lock(workspace.current()):
        rules = watching.rules_now()
        scan = Scanner(log, rules).scan()
        catch_up(log, rules)
    queue()
    if scan.troubles:
        raise Unsuccessful(f"{scan.lines:,} lines; {scan.troubles[0]['what']}")
    return f"{scan.lines:,} lines, {scan.detections.count():,} detections"


def _tidied_next(log: WatchedLog, now: datetime) -> datetime:
    """When what is kept of `log` is to be tidied: once a day, an hour after midnight, found from whether anything is left to do."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    old = log.parts.filter(read_at__lt=now - timedelta(days=log.kept_days)).exists()
    several = log.parts.filter(read_at__gte=today - timedelta(days=1), read_at__lt=today).count() > 1
    return now if old or (several and now - today > timedelta(hours=1)) else today + timedelta(days=1, hours=1)


def _tidy(log: WatchedLog) -> str:
    with run_lock(workspace.current()):
        return f"{tidy(log):,} lines were past their time"
