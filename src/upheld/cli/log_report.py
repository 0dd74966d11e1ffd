"""What `upheld logs report` prints."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

import orjson

from upheld.evidence.visible import visible
from upheld.logs.reporting import Report

_MOST = 50


class Surveyed(Protocol):
    """What reading files came to."""

    events: int
    unread: int
    undated: int
    elsewhere_seconds: float
    troubles: dict[str, str]


def told(report: Report, surveyed: Surveyed, *, as_json: bool) -> str:
    """Return `report` in words, or as JSON."""
    counts = {
        "events": surveyed.events,
        "undated": surveyed.undated,
        "unread_lines": surveyed.unread,
        "troubles": [{"file": name, "why": why} for name, why in surveyed.troubles.items()],
        "cpu_seconds": round(sum(os.times()[:4]) + surveyed.elsewhere_seconds, 3),
    }
    if as_json:
        return orjson.dumps({**_report(report), **counts}, option=orjson.OPT_UTC_Z).decode()
    return "\n".join(_lines(report, counts))


def _report(report: Report) -> dict[str, object]:
    return {
        "hours": [{"host": host, "at": at, "events": events} for host, at, events in report.hours],
        "irregular": [{"host": each.host, "at": each.at, "events": each.events, "why": each.why} for each in report.irregular],
        "first_seen": [
            {"who": each.who, "host": each.host, "at": each.at, "known_at": each.known_at, "others": each.others} for each in report.firsts
        ],
    }


def _lines(report: Report, counts: Mapping[str, object]) -> Iterator[str]:
    by_host: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for host, at, events in report.hours:
        by_host[host].append((at, events))
    for host, its in by_host.items():
        most = max(its, key=lambda each: each[1])
        span = f"{its[0][0]:%Y-%m-%d %H}h to {its[-1][0]:%Y-%m-%d %H}h UTC"
        total = sum(events for _, events in its)
        yield f"{visible(host) or 'no named host'}: {total:,} events, {span}, most in an hour {most[1]:,} ({most[0]:%Y-%m-%d %H}h)"
    for each in report.irregular[:_MOST]:
        host = visible(each.host) or "no named host"
        yield f"irregular: {each.events:,} events of {host} in the hour {each.at:%Y-%m-%d %H}h UTC: {each.why}"
    for one in report.firsts[:_MOST]:
        since = f"since {one.known_at:%Y-%m-%d} only at {visible(', '.join(one.others[:10]))}"
        yield f"first: {visible(one.who)} at {visible(one.host)} {one.at:%Y-%m-%d %H:%M} UTC; {since}"
    more = max(0, len(report.irregular) - _MOST) + max(0, len(report.firsts) - _MOST)
    if more:
        yield f"and {more:,} more: --json has all"
    yield f"{counts['events']:,} events, {counts['undated']:,} without a time, {counts['unread_lines']:,} lines are no JSON objects"
