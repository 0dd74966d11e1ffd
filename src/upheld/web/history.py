"""Intervals of measures, as the year's stretches."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from upheld import clock
from upheld.checks.verdict import State
from upheld.verdicts.models import MeasureVerdict
from upheld.web.sight import Sight
from upheld.web.year import DAYS, Stretch


def stretches(verdicts: Iterable[MeasureVerdict]) -> list[Stretch]:
    """Return each interval as far as it was seen: what lies after the last judgement in it was not."""
    return [Stretch(State(each.state), each.from_at, each.judged_until_at) for each in verdicts]


def of_the_year(measures: Iterable[str] | None = None) -> list[MeasureVerdict]:
    """Return the intervals of `measures` (all where None) that reach into the last year, by measure and in their order; one query.

    What the judgement rested on is left out: it is much, and lines of a list do not say it.
    """
    begins = clock.now() - timedelta(days=DAYS)
    found = MeasureVerdict.objects.filter(Q(until_at=None) | Q(until_at__gte=begins)).order_by("measure", "from_at")
    found = found.defer("evidence", "untested", "digests", "outcomes")
    return list(found if measures is None else found.filter(measure__in=list(measures)))


def by_measure(verdicts: Iterable[MeasureVerdict], seen: Sight) -> dict[str, list[Stretch]]:
    """Return the stretches of `verdicts` by measure, as far back as may be seen."""
    found: dict[str, list[Stretch]] = {}
    for each in verdicts:
        if seen.reaches(each):
            begins = max(each.from_at, seen.since_at) if seen.since_at else each.from_at
            found.setdefault(each.measure, []).append(Stretch(State(each.state), begins, each.judged_until_at))
    return found
