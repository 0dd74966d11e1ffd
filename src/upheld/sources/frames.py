"""The manifest in the database, read as a frame: which files and which collections speak as of an instant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import OuterRef, Q, QuerySet, Subquery

from upheld import workspace
from upheld.evidence.collection import Coverage, Gap, GapKind
from upheld.evidence.frame import ChangeFile, Filled, Frame, frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import table, tables
from upheld.sources.configured import declared
from upheld.sources.models import CollectedTable, ConfiguredSource, HistoryFile


def files(*, table_name: str | None = None, source: str | None = None) -> list[ChangeFile]:
    """Return the change files that make up the history, oldest first; those of one table or source where asked."""
    rows = HistoryFile.objects.filter(compacted_into=None).select_related("collection__source").order_by("seen_at", "id")
    if table_name is not None:
        rows = rows.filter(table=table_name)
    if source is not None:
        rows = rows.filter(collection__source__name=source)
    return [_change_file(row, workspace.current().history) for row in rows]


def frame(as_of: datetime) -> Frame:
    """Return all tables as of `as_of`, as the sources that were in use then had told by then."""
    used = Q(added_at__lte=as_of) & (Q(removed_at=None) | Q(removed_at__gt=as_of))
    sources = list(ConfiguredSource.objects.filter(used))
    names = {source.name for source in sources}
    used_files = [file for file in files() if file.source in names]
    altered = Store(workspace.current().history, used_files).altered()
    spoilt = {(file.table, file.source): why for file, why in altered.items()}
    return frame_at(
        (file for file in used_files if (file.table, file.source) not in spoilt),
        (_unless_spoilt(said, spoilt) for source in sources for said in _filled(source, as_of)),
        as_of,
    )


def _unless_spoilt(said: Filled, spoilt: Mapping[tuple[str, str], str]) -> Filled:
    """Return `said`, or that nothing is known where a change file it rests on is not as it was written."""
    why = spoilt.get((said.table, said.source))
    if why is None:
        return said
    return replace(said, coverage=Coverage.FAILED, complete_at=None, rows=0, digest="", cut_short=(*said.cut_short, why))


def _filled(source: ConfiguredSource, as_of: datetime) -> list[Filled]:
    told = CollectedTable.objects.filter(collection__source=source, collection__started_at__lte=as_of)
    newest = {row.table: row for row in _latest(told)}
    read = {row.table: row for row in _latest(told.exclude(digest=""))}
    whole = told.filter(coverage=Coverage.COMPLETE, quarantined=False)
    complete_at = {row.table: row.collection.started_at for row in _latest(whole)}
    found = [_of(source, row, read.get(name), complete_at.get(name)) for name, row in newest.items() if name in tables()]
    return found + [_never(source, name) for name in declared(source) if name not in newest]


def _latest(told: QuerySet[CollectedTable]) -> QuerySet[CollectedTable]:
    """Return, of each table in `told`, the row of the newest collection."""
    same = told.filter(table=OuterRef("table")).order_by("-collection__started_at", "-collection_id")
    return told.filter(pk=Subquery(same.values("pk")[:1])).select_related("collection")


def _of(source: ConfiguredSource, row: CollectedTable, read: CollectedTable | None, complete_at: datetime | None) -> Filled:
    """Return what `row`, the newest collection, says; `read` is the newest that read the table at all: its rows still stand."""
    spoke = complete_at or source.added_at
    return Filled(
        table=row.table,
        source=source.name,
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
