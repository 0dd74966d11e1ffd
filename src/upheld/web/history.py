"""Intervals of measures, as the year's stretches."""

from collections.abc import Iterable

from upheld.checks.verdict import State
from upheld.verdicts.models import MeasureVerdict
from upheld.web.sight import Sight
from upheld.web.year import Stretch


def stretches(verdicts: Iterable[MeasureVerdict]) -> list[Stretch]:
    """Return each interval as far as it was seen: what lies after the last judgement in it was not."""
    return [Stretch(State(each.state), each.from_at, each.judged_until_at) for each in verdicts]


def by_measure(measures: Iterable[str], seen: Sight) -> dict[str, list[Stretch]]:
    """Return the stretches of each of `measures` that was ever judged, by measure, as far back as may be seen; one query."""
    found: dict[str, list[Stretch]] = {}
    for verdict in MeasureVerdict.objects.filter(measure__in=list(measures)).order_by("measure", "from_at"):
        found.setdefault(verdict.measure, []).extend(stretches(seen.history([verdict])))
    return found
