"""What a verdict rests on: tables and who fills them, and the collections, with the numbers of their entries in the ledger."""

from dataclasses import dataclass
from datetime import datetime

from upheld.checks import schema
from upheld.checks.measure import Measure
from upheld.evidence.derived import derived_tables
from upheld.evidence.table import tables
from upheld.ledger import store
from upheld.ledger.store import NoEntry
from upheld.sources.models import Collection
from upheld.verdicts.models import MeasureVerdict


@dataclass(frozen=True)
class TableRead:
    """A table that a measure reads; `made_from` names the collected tables behind a computed one."""

    name: str
    title: str
    meaning: str
    made_from: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """What one source said about one table, as a verdict saw it. `entry` is the number in the ledger, None while it waits."""

    table: str
    source: str
    seen_at: datetime | None
    digest: str
    stale: bool
    coverage: str
    collection: str
    entry: int | None


def tables_read(measure: Measure) -> tuple[TableRead, ...]:
    """Return the tables that `measure` names, in alphabetical order."""
    found = []
    for name in measure.tables:
        if name in tables():
            found.append(TableRead(name, tables()[name].title, tables()[name].meaning, ()))
        elif name in derived_tables():
            contract = derived_tables()[name].table
            found.append(TableRead(name, contract.title, contract.meaning, tuple(schema.inputs(name))))
    return tuple(found)


def pieces(verdict: MeasureVerdict) -> tuple[Piece, ...]:
    """Return the evidence of `verdict`, each piece with the collection that brought it."""
    seen = [{**piece, "at": datetime.fromisoformat(piece["seen_at"]) if piece["seen_at"] else None} for piece in verdict.evidence]
    collections = Collection.objects.filter(
        source__name__in={each["source"] for each in seen}, started_at__in={each["at"] for each in seen if each["at"]}
    )
    by_time = {(each.source.name, each.started_at): each for each in collections.select_related("source")}
    numbers = {each.id: entry_number(each.entry_id) for each in by_time.values()}
    found = []
    for each in seen:
        collection = by_time.get((each["source"], each["at"]))
        found.append(
            Piece(
                table=each["table"],
                source=each["source"],
                seen_at=each["at"],
                digest=each["digest"],
                stale=each["stale"],
                coverage=each["coverage"],
                collection=collection.id if collection else "",
                entry=numbers[collection.id] if collection else None,
            )
        )
    return tuple(found)


def entry_number(entry_id: str) -> int | None:
    """Return the number under which an entry stands in the ledger; None while it waits to be placed, or in an older log."""
    log = store.current()
    if log is None:
        return None
    try:
        return log.index_of(entry_id)
    except NoEntry:
        return None
