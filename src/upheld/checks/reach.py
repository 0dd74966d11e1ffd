"""How far back measures read what is no longer so: which history may be forgotten, and which verdicts need what was forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameters
from upheld.checks.span import Span
from upheld.checks.words import instant
from upheld.evidence.derived import HISTORY, derived_tables, needed
from upheld.evidence.frame import Filled

Reach = Mapping[str, timedelta | None]


def reach(measure: Measure, parameters: Parameters) -> Reach:
    """Return how far back `measure` reads rows that ended, by collected table; None: from the beginning. Others it reads as of now.

    Raises `MeasureError` for a parameter that is not declared.
    """
    values = parameters.values(measure) if measure.looks_back else {}
    bounded = {table: value.about for table, name in measure.looks_back if isinstance(value := values[name], Span)}
    itself = {name.removeprefix(HISTORY): bounded.get(name.removeprefix(HISTORY)) for name in measure.reads if name.startswith(HISTORY)}
    inputs = (name for each in needed(measure.tables) for name in each.inputs)
    return itself | {name.removeprefix(HISTORY): None for name in inputs if name.startswith(HISTORY) and name not in derived_tables()}


def forgotten(filled: Filled, as_of: datetime, reach: Reach) -> str:
    """Return why a verdict as of `as_of` that reads so far back needs what is no longer known of a table; "" where it does not."""
    if filled.kept_from is None:
        return ""
    about = f"what of {filled.table} from {filled.source} had ended by {instant(filled.kept_from)} is kept no longer"
    if as_of < filled.kept_from:
        return f"{about}, so how it stood on {instant(as_of)} is unknown."
    back = reach.get(filled.table, timedelta(0))
    if back is None or as_of - back < filled.kept_from:
        return f"{about}, and this measure reads further back."
    return ""
