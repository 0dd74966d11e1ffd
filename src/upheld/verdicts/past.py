"""How measures and documents stood at an instant that is over: what was found out later is not told."""

from copy import copy
from datetime import datetime, timedelta

from django.db.models import Q

from upheld import workspace
from upheld.checks.verdict import State
from upheld.checks.words import instant
from upheld.documents.publication import documents_at
from upheld.ledger import lookup
from upheld.verdicts import standing
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import Judgement, MeasureVerdict
from upheld.verdicts.standing import DocumentStanding

_COUNTS = {"population": "population", "passed": "pass", "failed": "fail", "unknown": "unknown", "excepted": "excepted"}


def in_force_at(at: datetime) -> dict[str, MeasureVerdict]:
    """Return, by measure, the interval in force at `at` as it spoke then, changed in memory only. What began later is not there.

    An interval's row holds the particulars of the last judgement in it. Where that is later than `at`, its numbers are those of the
    judgement that began it, which the ledger has, and its reason says so.
    """
    last = Judgement.objects.filter(as_of__lte=at).order_by("-as_of", "-id").first()
    if last is None:
        return {}
    found = list(MeasureVerdict.objects.filter(from_at__lte=at).filter(Q(until_at=None) | Q(until_at__gt=at)))
    forged = set(standing.contradicted(found))
    began = lookup.entries(each.entry_id for each in found)
    return {each.measure: _as_then(each, last, at, forged, began.get(each.entry_id)) for each in found}


def documents(at: datetime) -> list[DocumentStanding]:
    """Return how every document stood at `at`: the version that was in force then, by the verdicts of then."""
    return standing.standing_of(documents_at(at), in_force_at(at), known_of(workspace.current()))


def _as_then(row: MeasureVerdict, last: Judgement, at: datetime, forged: set[str], entry: object) -> MeasureVerdict:
    shown = copy(row)
    if row.measure in forged:
        return standing.disowned(shown)
    shown.until_at = None if row.until_at is None or row.until_at > at else row.until_at
    if row.judged_until_at <= at:
        return standing.aged(shown, at)
    limit = _speaks_for(row)
    shown.judged_until_at = last.as_of
    shown.flips_at = shown.stale_at = None
    shown.outcomes, shown.evidence, shown.untested, shown.digests = "", [], [], {}
    body = entry["body"] if isinstance(entry, dict) else {}
    for field, name in _COUNTS.items():
        setattr(shown, field, int(body.get(name, 0)))
    shown.reason = (
        f"{row.state.capitalize()} since {instant(row.from_at)}: {shown.failed:,} of {shown.population:,} failed then and "
        f"{shown.unknown:,} were unknown. It was judged the same until {instant(last.as_of)}."
    )
    if limit is not None and last.as_of + limit <= at and row.state != State.BROKEN:
        shown.state = State.UNPROVEN.value
        shown.reason = f"Nothing is proven: it was last judged on {instant(last.as_of)}, which was too long before. {shown.reason}"
    return shown


def _speaks_for(row: MeasureVerdict) -> timedelta | None:
    """Return for how long the evidence of `row` speaks at most, from when it was seen; None where it does not grow stale."""
    seen = [datetime.fromisoformat(piece["seen_at"]) for piece in row.evidence if piece["seen_at"]]
    return row.stale_at - min(seen) if row.stale_at is not None and seen else None
