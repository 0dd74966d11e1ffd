"""What sources brought while a clock ran ahead, set aside: kept with its change files, and part of no history from then on."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from upheld import workspace
from upheld.evidence.rewriting import until
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.sources.collecting import manifest_row
from upheld.sources.frames import files
from upheld.sources.models import Collection, ConfiguredSource, HistoryFile


def ahead(now: datetime) -> list[Collection]:
    """Return the collections that are dated later than `now`, oldest first."""
    return list(Collection.objects.filter(started_at__gt=now).select_related("source"))


def misdated(now: datetime) -> list[ConfiguredSource]:
    """Return the sources that were added, or removed, at an instant later than `now`."""
    return list(ConfiguredSource.objects.filter(Q(added_at__gt=now) | Q(removed_at__gt=now)))


def set_aside(now: datetime) -> None:
    """Set aside what `ahead` and `misdated` tell, with an entry of the ledger for each source. The caller holds the transaction.

    A change file into which earlier changes were merged is taken apart: these stay in the history. Raises `Unwritable`, `Damaged`.
    """
    early = ahead(now)
    for source in sorted({each.source for each in early} | set(misdated(now)), key=lambda each: each.name):
        mine = [each.pk for each in early if each.source_id == source.pk]
        merged = [row for row in HistoryFile.objects.filter(compacted_into=None, collection__in=mine) if row.first_seen_at <= now]
        kept = list(_kept_apart(source, merged, now))
        body: dict[str, Json] = {
            "collections": list[Json](mine),
            "tables": {file.table: {"file": file.digest} for file in kept},
            "not_after": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        entry_id = append("history.set_aside", subject=("source", source.name), body=body)
        for file in kept:
            file.entry_id = entry_id
        HistoryFile.objects.bulk_create(kept)
        Collection.objects.filter(pk__in=mine).update(set_aside_at=now)
        ConfiguredSource.objects.filter(pk=source.pk, added_at__gt=now).update(added_at=now)
        ConfiguredSource.objects.filter(pk=source.pk, removed_at__gt=now).update(removed_at=now)


def _kept_apart(source: ConfiguredSource, merged: list[HistoryFile], now: datetime) -> Iterator[HistoryFile]:
    """What is left in the history of files into which earlier changes were merged; not yet saved."""
    by_path = {str(file.path.relative_to(workspace.current().history)): file for file in files(source=source.name)}
    for row in merged:
        told = Collection.objects.filter(source__name=source.name, started_at__lte=now, tables__table=row.table)
        last = told.order_by("-started_at", "-id").first()
        assert last is not None, "changes up to now come from a collection up to now"
        yield manifest_row(last, until(workspace.current().history, by_path[row.path], now, last.pk), "")
