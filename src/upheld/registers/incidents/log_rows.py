"""Logs that are watched, and what is wrong with them, as rows."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Sum

from upheld import clock
from upheld.evidence.table import Row
from upheld.logs import watching
from upheld.logs.models import CanaryTry, Scan, WatchedLog


def log_sources() -> Iterator[Row]:
    """Yield the logs that are watched, each with what its newest reading found."""
    for log in watching.watched():
        last = log.scans.order_by("-began_at", "-pk").first()
        yield {
            "id": log.name,
            "system_id": log.system_id,
            "product": log.product or None,
            "service": log.service or None,
            "added_at": log.added_at,
            "silent_after": timedelta(seconds=log.silent_after_seconds),
            "last_event_at": log.scans.exclude(last_at=None).order_by("-last_at").values_list("last_at", flat=True).first(),
            "read_at": last.ended_at if last else None,
            "rules_run": last.rules_run if last else None,
            "rules_left_out": last.rules_left_out if last else None,
            "rules_blind": last.rules_blind if last else None,
            "undecided": log.scans.aggregate(all=Sum("undecided"))["all"],
        }


def log_faults() -> Iterator[Row]:
    """Yield what is wrong with the logs that are watched: of altered files what the newest reading saw, all else of every reading."""
    for log in watching.watched():
        last = log.scans.order_by("-began_at", "-pk").first()
        yield from _canaries(log)
        for scan in log.scans.exclude(troubles=[], gaps=[], missing=[], steps_back=0, unread=0):
            yield from _faults(log, scan, newest=last is not None and scan.pk == last.pk)


def _faults(log: WatchedLog, scan: Scan, *, newest: bool) -> Iterator[Row]:
    said = [("altered", str(each["what"])) for each in scan.troubles] if newest else []
    said += [("gap", f"no event from {_minute(begin)} until {_minute(end)}") for begin, end in scan.gaps]
    said += [("missing", f"{_numbers(first, last)} of {host or 'a host'} did not come") for host, first, last in scan.missing]
    said += [("clock-step", f"its time went back {scan.steps_back} times")] if scan.steps_back else []
    said += [("unread", f"{scan.unread} lines are not of its format")] if scan.unread else []
    for number, (kind, what) in enumerate(said):
        yield {"id": f"{scan.pk}/{number}", "log": log.name, "kind": kind, "found_at": scan.ended_at, "said": what}


def _canaries(log: WatchedLog) -> Iterator[Row]:
    """Canaries that did not come out in time: what happened on their way happens to other lines too."""
    for each in CanaryTry.objects.filter(canary__log=log).select_related("canary"):
        by_at = each.tried_at + timedelta(seconds=each.canary.within_seconds)
        if (each.found_at or clock.now()) > by_at:
            came = f"came out at {each.found_at:%Y-%m-%d %H:%M}" if each.found_at else "did not come out"
            said = f"a sign-in tried on purpose at {each.tried_at:%Y-%m-%d %H:%M} {came}, due by {by_at:%H:%M}"
            yield {"id": f"canary/{each.pk}", "log": log.name, "kind": "canary", "found_at": each.found_at or by_at, "said": said}


def _numbers(first: int, last: int) -> str:
    return f"message {first:,}" if first == last else f"messages {first:,} to {last:,}"


def _minute(instant: str) -> str:
    return instant[:16].replace("T", " ")
