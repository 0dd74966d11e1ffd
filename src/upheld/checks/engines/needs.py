"""Which tables and columns of a frame a set of measures reads, so that nothing else is loaded."""

from collections.abc import Iterable

from upheld.checks import schema
from upheld.checks.engines.job import Needs
from upheld.checks.measure import GAPS, Measure
from upheld.evidence.derived import HISTORY, derived_tables

# What the tables are called that steps of queries are kept as; no contract's name begins so.
KEPT = "kept_"


def needs(measures: Iterable[Measure]) -> Needs:
    """Return what `measures` read together.

    A column counts as read from every table that has one of its name.
    """
    tables: set[str] = set()
    through_time: set[str] = set()
    columns: dict[str, set[str]] = {}
    for measure in measures:
        for name in measure.reads:
            if name == GAPS or name.startswith(KEPT):
                continue
            plain = name.removeprefix(HISTORY)
            (through_time if name != plain else tables).add(plain)
            if plain not in derived_tables():
                there = set(schema.readable()[name])
                columns.setdefault(name, set()).update(there if name in measure.whole_tables else there & measure.columns)
    named = {name: tuple(sorted(said)) for name, said in sorted(columns.items())}
    return Needs(tuple(sorted(tables)), tuple(sorted(through_time)), named)
