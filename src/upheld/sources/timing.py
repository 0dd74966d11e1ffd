"""How long orders take: from the moment that somebody asked until the system was seen to be so, by source and verb."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from upheld.sources.enforcing import Outcome
from upheld.sources.models import Enforcement


@dataclass(frozen=True)
class Timing:
    """What came of the orders of one verb at a source. Minutes run from the intent until it was read back; None where none was."""

    source: str
    verb: str
    asked: int
    carried_out: int
    refused: int
    waiting: int
    median_minutes: float | None
    longest_minutes: float | None


def timings(since: datetime) -> list[Timing]:
    """Return what came of the orders since the instant `since`, by source and verb."""
    by: dict[tuple[str, str], list[Enforcement]] = {}
    for row in Enforcement.objects.filter(asked_at__gte=since).select_related("source").iterator(chunk_size=5_000):
        by.setdefault((row.source.name, row.verb), []).append(row)
    return [_timing(source, verb, rows) for (source, verb), rows in sorted(by.items())]


def _timing(source: str, verb: str, rows: Iterable[Enforcement]) -> Timing:
    rows = list(rows)
    outcomes = [row.outcome for row in rows]
    minutes = sorted(took for row in rows if (took := _minutes_to_settle(row)) is not None)
    refused = outcomes.count(Outcome.REFUSED)
    middle, longest = (median(minutes), minutes[-1]) if minutes else (None, None)
    return Timing(source, verb, len(rows), len(minutes), refused, len(rows) - len(minutes) - refused, middle, longest)


def not_done(since: datetime) -> list[Enforcement]:
    """Return the orders since `since` that were refused or of which nobody knows yet what came, newest first."""
    rows = Enforcement.objects.filter(asked_at__gte=since).exclude(outcome=Outcome.CARRIED_OUT)
    return list(rows.select_related("source").order_by("-asked_at", "-id"))


def _minutes_to_settle(row: Enforcement) -> float | None:
    """Return how many minutes passed from the intent until it was read back as carried out; None if it was not."""
    if row.settled_at is None or row.outcome != Outcome.CARRIED_OUT:
        return None
    return (row.settled_at - row.asked_at).total_seconds() / 60
