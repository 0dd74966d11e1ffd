"""Which tables and columns of a frame a set of measures reads, so that nothing else is loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upheld.checks import schema
from upheld.checks.measure import GAPS, Measure
from upheld.evidence.derived import HISTORY, derived_tables


@dataclass(frozen=True)
class Needs:
    """Tables as of the instant (derived ones too), tables through time, and the columns that are read of each table."""

    tables: tuple[str, ...]
    history: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]


def needs(measures: Iterable[Measure]) -> Needs:
    """Return what `measures` read together. A column counts as read from every table that has one of its name."""
    tables: set[str] = set()
    through_time: set[str] = set()
    columns: dict[str, set[str]] = {}
    for measure in measures:
        for name in measure.reads:
            if name == GAPS:
                continue
            plain = name.removeprefix(HISTORY)
            (through_time if name != plain else tables).add(plain)
            if plain not in derived_tables():
                there = set(schema.readable()[name])
                columns.setdefault(plain, set()).update(there if "*" in measure.columns else there & measure.columns)
    return Needs(tuple(sorted(tables)), tuple(sorted(through_time)), {name: tuple(sorted(said)) for name, said in sorted(columns.items())})
