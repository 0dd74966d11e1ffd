"""The manifest in the database, read as a frame: which files and which collections speak as of an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from upheld import workspace
from upheld.evidence.collection import Coverage, Gap, GapKind
from upheld.evidence.frame import ChangeFile, Filled, Frame, frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import table, tables
from upheld.sources.attesting import contradictions
from upheld.sources.configured import declared
from upheld.sources.models import CollectedTable, ConfiguredSource, Forgotten, HistoryFile


@dataclass(frozen=True)
class Told:
    """What a source had told by an instant, by table: the newest collection, the newest that read it, the newest complete one."""

    source: ConfiguredSource
    newest: Mapping[str, CollectedTable]
    read: Mapping[str, CollectedTable]
    whole: Mapping[str, CollectedTable]

    @property
    def rows(self) -> list[CollectedTable]:
        """All of them."""
        return [*self.newest.values(), *self.read.values(), *self.whole.values()]


def files(*, table_name: str | None = None, source: str | None = None, in_use: bool = False) -> list[ChangeFile]:
    """Return the change files that make up the history, oldest first; those of one table or source, or of sources `in_use`, where asked."""
    rows = _manifest()
    if in_use:
        rows = rows.filter(collection__source__removed_at=None)
    if table_name is not None:
        rows = rows.filter(table=table_name)
    if source is not None:
        rows = rows.filter(collection__source__name=source)
    return [_change_file(row, workspace.current().history) for row in rows]


def set_aside() -> list[ChangeFile]:
    """Return the change files that were set aside and are there still: kept, and part of no history.

    An erasure deletes those that name somebody.
    """
    rows = HistoryFile.every.filter(compacted_into=None).exclude(collection__set_aside_at=None).select_related("collection__source")
    found = [_change_file(row, workspace.current().history) for row in rows.order_by("seen_at", "id")]
    return [file for file in found if file.path.is_file()]


def frame(as_of: datetime) -> Frame:
    """Return all tables as of `as_of`, as the sources that were in use then had told by then.

    A table of a source whose files are not as they were written, or of which the database says otherwise than the ledger,
    is taken as never read.
    """
    used = Q(added_at__lte=as_of) & (Q(removed_at=None) | Q(removed_at__gt=as_of))
    sources = list(ConfiguredSource.objects.filter(used))
    told = [_told(source, as_of) for source in sources]
    manifest = list(_manifest().filter(collection__source__in=sources))
    by_file = {_change_file(row, workspace.current().history): row for row in manifest}
    spoilt = contradictions((row for each in told for row in each.rows), manifest)
    since = kept_from()
    altered = Store(workspace.current().history, list(by_file)).altered()
    spoilt |= {(file.table, file.source): why for file, why in altered.items()}
    return frame_at(
        (file for file in by_file if (file.table, file.source) not in spoilt),
        (replace(_unless_spoilt(said, spoilt), kept_from=since.get((said.table, said.source))) for each in told for said in _filled(each)),
        as_of,
    )


def kept_from() -> Mapping[tuple[str, str], datetime]:
    """Return, by table and source, the instant by which rows had to be over to be forgotten; only where some are."""
    told = Forgotten.objects.order_by().values_list("table", "source").annotate(until=Max("ended_by"))
    return {(table, source): until for table, source, until in told}


def _manifest() -> QuerySet[HistoryFile]:
    return HistoryFile.objects.filter(compacted_into=None).select_related("collection__source").order_by("seen_at", "id")


def _unless_spoilt(said: Filled, spoilt: Mapping[tuple[str, str], str]) -> Filled:
    """Return `said`, or that nothing is known where a change file it rests on is not as it was written."""
    why = spoilt.get((said.table, said.source))
    if why is None:
        return said
    return replace(said, coverage=Coverage.FAILED, complete_at=None, rows=0, digest="", cut_short=(*said.cut_short, why))


def _told(source: ConfiguredSource, as_of: datetime) -> Told:
    told = CollectedTable.objects.filter(collection__source=source, collection__started_at__lte=as_of)
    whole = told.filter(coverage=Coverage.COMPLETE, quarantined=False)
    newest, read, complete = ({row.table: row for row in _latest(rows)} for rows in (told, told.exclude(digest=""), whole))
    return Told(source, newest, read, complete)


def _filled(told: Told) -> list[Filled]:
    found = [_of(told, name) for name in told.newest if name in tables()]
    return found + [_never(told.source, name) for name in declared(told.source) if name not in told.newest]


def _latest(told: QuerySet[CollectedTable]) -> QuerySet[CollectedTable]:
    """Return, of each table in `told`, the row of the newest collection."""
    same = told.filter(table=OuterRef("table")).order_by("-collection__started_at", "-collection_id")
    return told.filter(pk=Subquery(same.values("pk")[:1])).select_related("collection__source")


def _of(told: Told, name: str) -> Filled:
    """Return what the newest collection says of table `name`; the rows that the newest reading left still stand."""
    row, read, whole = told.newest[name], told.read.get(name), told.whole.get(name)
    complete_at = whole.collection.started_at if whole else None
    spoke = complete_at or told.source.added_at
    return Filled(
        table=row.table,
        source=told.source.name,
        collection=row.collection_id,
        seen_at=row.collection.started_at,
        complete_at=complete_at,
        stale_at=spoke + table(row.table).fresh_for,
        coverage=Coverage(row.coverage),
        rows=read.rows + read.vanished if read else 0,
        digest=read.digest if read else "",
        gaps=tuple(Gap(row.table, gap["column"], GapKind(gap["kind"]), gap["why"]) for gap in row.gaps),
        cut_short=tuple(row.cut_short),
    )


def _never(source: ConfiguredSource, name: str) -> Filled:
    return Filled(
        table=name,
        source=source.name,
        collection="",
        seen_at=source.added_at,
        complete_at=None,
        stale_at=source.added_at + timedelta(0),
        coverage=Coverage.FAILED,
        rows=0,
        digest="",
        cut_short=("never collected",),
    )


def _change_file(row: HistoryFile, folder: Path) -> ChangeFile:
    return ChangeFile(
        table=row.table,
        source=row.collection.source.name,
        collection=row.collection_id,
        seen_at=row.seen_at,
        path=folder / row.path,
        rows=row.rows,
        size_bytes=row.size_bytes,
        first_seen_at=row.first_seen_at,
        digest=row.digest,
    )
