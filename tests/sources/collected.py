"""Running a source in a test: its kind's defaults, what the test says, and what it brought."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row, Value
from upheld.sources.source import Source, SourceKind

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def connected(kind: SourceKind, **given: str) -> Source:
    """Return a source of `kind` with its defaults and what is `given`; a secret is given as itself."""
    return kind.connect({setting.name: setting.default or "" for setting in kind.settings} | given)


def collect(source: Source, *tables: str, known: Mapping[str, Iterable[Row]] | None = None, at: datetime | None = None) -> Collecting:
    """Collect `tables` from `source`, at `at` or now: real services tell real times. `known` are the rows it brought last time."""
    into = Collecting("test", tables, at or clock.now(), known=lambda name: (known or {}).get(name, ()))
    source.collect(into)
    return into


def rows(into: Collecting, table: str) -> list[dict[str, Value]]:
    """Return the rows of `table`, without what is NULL."""
    return [{name: value for name, value in row.items() if value is not None} for row in into.seen[table].rows.values()]


def column(into: Collecting, table: str, name: str) -> list[Value]:
    """Return one column of `table`, sorted as text."""
    return sorted((row[name] for row in into.seen[table].rows.values()), key=str)


def gaps(into: Collecting) -> Sequence[tuple[str, str, str]]:
    """Return (table, column, kind) of every gap."""
    return [(gap.table, gap.column, str(gap.kind)) for gap in into.gaps]
