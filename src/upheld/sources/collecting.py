"""One run of a source: read, written to the history, and entered in the ledger in the transaction that makes it count."""

import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib.metadata import version

from django.db import transaction

from upheld import clock, workspace
from upheld.evidence.collection import Collecting, Coverage, Progress, no_progress
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.evidence.recording import Recorded, TableRecorded
from upheld.evidence.store import Store
from upheld.evidence.table import ContractBroken, Row
from upheld.ledger import identifier
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.sources.attesting import settings_digest
from upheld.sources.configured import connect, declared
from upheld.sources.fenced import fence_off
from upheld.sources.frames import files, set_aside
from upheld.sources.models import CollectedTable, Collection, ConfiguredSource, HistoryFile
from upheld.sources.source import SourceError
from upheld.sources.staff import tie

# Asking a past day again reads every change file of a table; beyond these many they are merged (benchmarks/history.py).
MANY_FILES = 8

Masked = Mapping[str, int]


def collect(source: ConfiguredSource, *, accept_vanishing: frozenset[str] = frozenset(), progress: Progress = no_progress) -> Collection:
    """Read `source` once and return what came of it; a failure is a collection too, and says why.

    Raises `HistoryError` when the history cannot be written or read; then nothing of this run counts.
    """
    started_at = clock.now()
    store = Store(workspace.current().history, files(source=source.name))
    into = Collecting(source.name, declared(source), started_at, progress=progress, known=_known(store, started_at))
    error = _read(source, into)
    masked = fence_off(into)
    last = source.collections.order_by("-started_at").first()
    collection_id = identifier.new(started_at)
    recorded = store.record(into, collection_id, accept_vanishing=accept_vanishing, after=last.started_at if last else None)
    with transaction.atomic():
        collection = _keep(source, into, recorded, collection_id, error, masked)
    _compact(source, recorded)
    if "people" in into.seen and not error:
        tie()
    return collection


def _read(source: ConfiguredSource, into: Collecting) -> str:
    """Let `source` read into `into`, and return why it failed; empty when it did not. What it had read is then not all."""
    try:
        connect(source).collect(into)
    except SourceError as error:
        return _ended_early(into, str(error))
    except ContractBroken as error:
        return _ended_early(into, f"the source broke a table's contract: {error}")
    except Exception as error:  # noqa: BLE001  a source may be anybody's code, and one that fails must not stop the others
        if os.environ.get("UPHELD_DEBUG"):
            traceback.print_exc()
        where = traceback.extract_tb(error.__traceback__)[-1]
        return _ended_early(into, f"the source failed in {where.name} with {type(error).__name__}; this is a fault in its code")
    return ""


def _ended_early(into: Collecting, why: str) -> str:
    for name, seen in into.seen.items():
        if seen.read:
            into.cut_short(name, f"the source failed before its end: {why}")
    return why


def _known(store: Store, as_of: datetime) -> Callable[[str], Iterable[Row]]:
    """Return what gives a source the rows that it brought before, by table."""
    return lambda name: rows_at([file for file in store.files if file.table == name], name, as_of)


def _keep(source: ConfiguredSource, into: Collecting, recorded: Recorded, collection_id: str, error: str, masked: Masked) -> Collection:
    coverage = _coverage(recorded)
    body = _body(recorded, collection_id, coverage, masked) | {"settings": settings_digest(source)}
    entry_id = append("collection.finished", subject=("source", source.name), body=body)
    collection = Collection.objects.create(
        id=collection_id,
        source=source,
        started_at=into.seen_at,
        finished_at=max(clock.now(), into.seen_at),
        coverage=coverage,
        error=error,
        notes=into.notes,
        clock_offset=into.clock_offset,
        product_version=version("upheld"),
        entry_id=entry_id,
    )
    CollectedTable.objects.bulk_create(_table(collection, each) for each in recorded.tables.values())
    HistoryFile.objects.bulk_create(manifest_row(collection, each, entry_id) for each in recorded.files)
    return collection


def _coverage(recorded: Recorded) -> Coverage:
    found = {each.coverage for each in recorded.tables.values()}
    if found <= {Coverage.COMPLETE}:
        return Coverage.COMPLETE
    return Coverage.FAILED if found == {Coverage.FAILED} else Coverage.PARTIAL


def _body(recorded: Recorded, collection_id: str, coverage: Coverage, masked: Masked) -> dict[str, Json]:
    """Return what the ledger's entry says: counts and digests, no row and no reason, which could name somebody.

    `masked` is how many rows of each table named somebody who was erased, where any did.
    """
    tables: dict[str, Json] = {
        name: {
            "coverage": each.coverage.value,
            "rows": each.rows,
            "opened": each.opened,
            "changed": each.changed,
            "ended": each.ended,
            "vanished": each.vanished,
            "quarantined": each.quarantined,
            "digest": each.digest,
            "file": each.file.digest if each.file else None,
            "denied": sorted(gap.column for gap in each.gaps),
            **({"masked": masked[name]} if name in masked else {}),
        }
        for name, each in sorted(recorded.tables.items())
    }
    return {"collection": collection_id, "coverage": coverage.value, "product": version("upheld"), "tables": tables}


def _table(collection: Collection, told: TableRecorded) -> CollectedTable:
    return CollectedTable(
        collection=collection,
        table=told.table,
        coverage=told.coverage,
        rows=told.rows,
        opened=told.opened,
        changed=told.changed,
        ended=told.ended,
        vanished=told.vanished,
        quarantined=told.quarantined,
        digest=told.digest,
        cut_short=list(told.cut_short),
        gaps=[{"column": gap.column, "kind": gap.kind, "why": gap.why} for gap in told.gaps],
    )


def manifest_row(collection: Collection, file: ChangeFile, entry_id: str) -> HistoryFile:
    """Return the row of the manifest that names `file`, vouched for by the entry `entry_id`; not yet saved."""
    return HistoryFile(
        collection=collection,
        table=file.table,
        path=str(file.path.relative_to(workspace.current().history)),
        first_seen_at=file.since,
        seen_at=file.seen_at,
        rows=file.rows,
        size_bytes=file.size_bytes,
        digest=file.digest,
        entry_id=entry_id,
    )


def tidy() -> None:
    """Delete change files that the manifest does not name: left by a run that was stopped. The caller holds the run's lock."""
    store = Store(workspace.current().history, files() + set_aside())
    store.discard(store.orphans())


def _compact(source: ConfiguredSource, recorded: Recorded) -> None:
    """Merge the change files of each table that has become many. Digests and every past instant stay as they were."""
    for name in recorded.tables:
        rows = HistoryFile.objects.filter(collection__source__name=source.name, table=name, compacted_into=None)
        if rows.count() > MANY_FILES:
            _merge(source, name, [row.pk for row in rows])


def _merge(source: ConfiguredSource, name: str, replaced: list[int]) -> None:
    store = Store(workspace.current().history, files(table_name=name, source=source.name))
    merged = store.compact(name, source.name)
    with transaction.atomic():
        entry_id = append("history.merged", subject=("source", source.name), body={"tables": {name: {"file": merged.digest}}})
        new = manifest_row(Collection.objects.get(pk=merged.collection), merged, entry_id)
        new.save()
        HistoryFile.objects.filter(pk__in=replaced).update(compacted_into=new)
    Store(store.folder, [merged]).discard(file.path for file in store.files)
