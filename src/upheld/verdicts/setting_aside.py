"""The way out after a clock ran ahead: what is dated later than now is set aside, nothing of it deleted, and said in the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from upheld.checks.words import instant
from upheld.ledger.append import append
from upheld.sources import setting_aside as sources
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict

SET_ASIDE = "set aside"


@dataclass(frozen=True)
class Ahead:
    """What is dated later than now: collections (source and instant), judgements, and sources said to be added or removed later."""

    collections: tuple[tuple[str, datetime], ...]
    judgements: tuple[datetime, ...]
    sources: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.collections or self.judgements or self.sources)


def ahead(now: datetime) -> Ahead:
    """Return all that is dated later than `now`, and so stands in the way of what is collected and judged now."""
    return Ahead(
        tuple((each.source.name, each.started_at) for each in sources.ahead(now)),
        tuple(Judgement.objects.filter(as_of__gt=now).values_list("as_of", flat=True)),
        tuple(sorted(each.name for each in sources.misdated(now))),
    )


def set_aside(now: datetime) -> Ahead:
    """Set all of it aside, in one transaction with entries of the ledger, and return what it was.

    Collections and judgements stay, marked, and count for nothing, also once their instant comes. Verdicts are again what they were
    before, and prove nothing until the next check; findings first seen then are resolved as set aside, those resolved then are open.
    Raises `Unwritable`, `Damaged`; then nothing was changed.
    """
    with transaction.atomic():
        found = ahead(now)
        sources.set_aside(now)
        if found.judgements:
            early = Judgement.objects.filter(as_of__gt=now)
            body = {"entries": [each.entry_id for each in early], "not_after": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
            append("judgement.set_aside", body=body)
            early.update(set_aside_at=now)
            _verdicts(now)
            _findings(now)
    return found


def _verdicts(now: datetime) -> None:
    """Take verdicts back to how they stood before; what they said last is not known any more, so they prove nothing."""
    for verdict in MeasureVerdict.objects.filter(from_at__gt=now):
        MeasureVerdict.objects.filter(pk=verdict.pk).update(set_aside_at=now, until_at=verdict.until_at or verdict.from_at)
    MeasureVerdict.objects.filter(until_at__gt=now).update(until_at=None)
    last = Judgement.objects.filter(as_of__lte=now).order_by("-as_of", "-id").first()
    for verdict in MeasureVerdict.objects.filter(judged_until_at__gt=now):
        judged_at = max(last.as_of, verdict.from_at) if last else verdict.from_at
        reason = f"What was judged last was dated ahead, and set aside; {instant(judged_at)} was judged before that. Run upheld run."
        MeasureVerdict.objects.filter(pk=verdict.pk).update(judged_until_at=judged_at, stale_at=judged_at, flips_at=None, reason=reason)


def _findings(now: datetime) -> None:
    last = Judgement.objects.filter(as_of__lte=now).order_by("-as_of", "-id").first()
    Finding.objects.filter(Q(resolved_at=None) | Q(resolved_at__gt=now), first_seen_at__gt=now).update(
        resolved_at=now, resolved_how=SET_ASIDE
    )
    Finding.objects.filter(resolved_at__gt=now).update(resolved_at=None, resolved_how="")
    if last is not None:
        Finding.objects.filter(first_seen_at__lte=now, last_seen_at__gt=now).update(last_seen_at=last.as_of)
