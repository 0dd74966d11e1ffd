"""How a measure is judged again when rows of a table change, and why so: what planning finds, told of the query alone."""

from dataclasses import dataclass

from upheld.checks import parting
from upheld.checks.crossing import crossings
from upheld.checks.measure import Measure
from upheld.checks.planning import Way
from upheld.checks.shape import Kind
from upheld.checks.words import listed
from upheld.evidence.derived import bases

_APART = (Kind.PARTED, Kind.MIXED)


@dataclass(frozen=True)
class Told:
    """When `what` changes (a collected table, or "time" alone), the measure is judged by `way`; `why` is a sentence."""

    what: str
    way: Way
    why: str


def ways(measure: Measure) -> list[Told]:
    """Return how `measure` is judged again: for each collected table that it rests on, in order, then for time."""
    return [*(_of(measure, name) for name in sorted(bases(measure.tables))), _time(measure)]


def _of(measure: Measure, name: str) -> Told:
    found = parting.shape(measure, name)
    if found.kind in _APART:
        return Told(name, Way.BY_ROWS, "no subject hangs on two of its rows")
    if parting.rows_of(measure, name).kind in _APART:
        return Told(name, Way.WHOLE, "subjects are not put together from source and key, so that two rows could give one")
    if found.edges:
        steps = [edge for edge in sorted(found.edges) if edge != name]
        same = f"where {listed(steps, 3)} come to the same" if steps else "where the columns that it reads are the same"
        return Told(name, Way.BY_STEPS, f"{same}; else whole, since one row bears on several subjects, or several on one")
    return Told(name, Way.WHOLE, "one row bears on several subjects, or several on one, and no step before that can be asked for by itself")


def _time(measure: Measure) -> Told:
    found = crossings(measure)
    if found is None:
        return Told("time", Way.WHOLE, "what it does with the clock is more than to compare it with what was collected")
    if not found:
        return Told("time", Way.TAKEN_OVER, "it does not ask for the time")
    return Told("time", Way.BY_ROWS, "the rows that crossed a limit meanwhile count as changed")
