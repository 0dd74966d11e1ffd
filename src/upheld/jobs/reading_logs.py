"""The chores that read logs: what is new in each, every minute, with rules that are read again only when a file of theirs changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from upheld import workspace
from upheld.jobs.chore import Chore, Unsuccessful
from upheld.logs import baseline, canary, watching
from upheld.logs.models import Canary, WatchedLog
from upheld.logs.retro import catch_up
from upheld.logs.scanning import Scanner
from upheld.logs.sigma.rule import RuleSet
from upheld.logs.storing import tidy
from upheld.registers.incidents.queueing import queue
from upheld.runlock import run_lock

EVERY = timedelta(minutes=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield one chore a log."""
    for log in watching.watched():
        yield Chore(f"tidy log {log.name}", _tidied_next(log, now), partial(_tidy, log))
        for each in log.canaries.filter(removed_at=None):
            yield Chore(f"canary {each.pk} of log {log.name}", canary.due_at(each), partial(_try, each))
        yield Chore(f"baseline of log {log.name}", baseline.due_at(log), partial(_compare, log))
        last = log.scans.order_by("-began_at").values_list("began_at", flat=True).first()
        yield Chore(f"read log {log.name}", now if last is None else last + EVERY, partial(_read, log))


def _read(log: WatchedLog) -> str:
    with run_lock(workspace.current()):
        rules = watching.rules_now()
        scan = _scanner(log, rules).scan()
        catch_up(log, rules)
        canary.look(log)
    queue()
    if scan.troubles:
        raise Unsuccessful(f"{scan.lines:,} lines; {scan.troubles[0]['what']}")
    return f"{scan.lines:,} lines, {scan.detections.count():,} detections"


def _try(each: Canary) -> str:
    return f"{canary.attempt(each).said}; it must be found within {each.within_seconds:,} seconds"


def _compare(log: WatchedLog) -> str:
    with run_lock(workspace.current()):
        found = baseline.look(log)
    queue()
    return f"{found:,} irregular"


def _scanner(log: WatchedLog, rules: RuleSet) -> Scanner:
    """The scanner of `log`, made anew only when rules changed: it has them ready, and knows of connections that are open."""
    made = _scanners.get(log.pk)
    if made is None or made[0] is not rules:
        made = _scanners[log.pk] = (rules, Scanner(log, rules))
    return made[1]


_scanners: dict[int, tuple[RuleSet, Scanner]] = {}


def _tidied_next(log: WatchedLog, now: datetime) -> datetime:
    """When what is kept of `log` is to be tidied: once a day, an hour after midnight, found from whether anything is left to do."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    old = log.parts.filter(read_at__lt=now - timedelta(days=log.kept_days)).exists()
    several = log.parts.filter(read_at__gte=today - timedelta(days=1), read_at__lt=today).count() > 1
    return now if old or (several and now - today > timedelta(hours=1)) else today + timedelta(days=1, hours=1)


def _tidy(log: WatchedLog) -> str:
    with run_lock(workspace.current()):
        return f"{tidy(log):,} lines were past their time"
