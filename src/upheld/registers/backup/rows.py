"""Rows of this chapter's registers as measures read them, and whether what is recorded is as the ledger says."""

from collections.abc import Iterator, Sequence

from upheld import clock, workspace
from upheld.actions import kept_files
from upheld.evidence.store import Store
from upheld.evidence.table import Row
from upheld.ledger import signers, store, whole
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.rotation import UntrustedRotation
from upheld.ledger.store import StoredLog
from upheld.registers.backup.models import FiledRecord, RecordClass, RecordHold, RecordRelease, RestoreRequest, StoreReader
from upheld.registers.rules import length
from upheld.sources.frames import files


def approved_readers() -> Iterator[Row]:
    """Yield who is on the list of a store."""
    for each in StoreReader.objects.filter(ended_at=None).exclude(approved_at=None):
        yield {
            "id": str(each.pk),
            "store_id": each.store,
            "principal": each.principal,
            "access": each.right,
            "asked_by_id": each.asked_by,
            "approved_by_id": each.approved_by,
            "approved_at": each.approved_at,
            "until_on": each.until_on,
        }


def restore_requests() -> Iterator[Row]:
    """Yield restores that were agreed to."""
    for each in RestoreRequest.objects.filter(granted=True):
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "asked_by_id": each.asked_by,
            "approved_by_id": each.decided_by,
            "approved_at": each.decided_at,
            "from_at": each.from_at,
            "until_at": each.until_at,
        }


def record_classes() -> Iterator[Row]:
    """Yield classes of records."""
    for each in RecordClass.objects.all():
        said: Row = {"id": each.name, "title": each.title, "store_id": each.store, "owner_id": each.owner}
        yield {**said, "keep_for": length(each.keep_for)}


def record_holds() -> Iterator[Row]:
    """Yield holds, also those that ended."""
    for each in RecordHold.objects.select_related("record_class"):
        yield {"id": str(each.pk), "class_id": each.record_class.name, "from_at": each.from_at, "until_at": each.ended_at}


def filed_records() -> Iterator[Row]:
    """Yield records, also those that were destroyed."""
    for each in FiledRecord.objects.select_related("record_class"):
        yield {
            "id": str(each.pk),
            "class_id": each.record_class.name,
            "title": each.title,
            "keep_until_on": each.keep_until_on,
            "destroyed_at": each.destroyed_at,
        }


def release_authorisations() -> Iterator[Row]:
    """Yield releases of records that were authorised."""
    for each in RecordRelease.objects.exclude(authorised_at=None).select_related("record_class"):
        yield {
            "id": str(each.pk),
            "class_id": each.record_class.name,
            "recipient": each.recipient,
            "asked_by_id": each.asked_by,
            "authorised_by_id": each.authorised_by,
            "authorised_at": each.authorised_at,
            "until_on": each.until_on,
        }


def record_checks() -> Iterator[Row]:
    """Yield what holds of all that is kept here: each log from end to end by its hashes, the history of evidence, and filed files."""
    logs = store.all_logs()
    for place, log in enumerate(logs):
        if log.checkpoint() is not None:
            yield _check(f"ledger {log.origin}", f"The ledger {log.origin}", _wrong_with(logs, place), f"{log.size():,} entries")
    kept = Store(workspace.current().history, files())
    yield _check("evidence", "The history of evidence", list(kept.altered().values()), f"{len(kept.files):,} files")
    yield _check("files", "Files that records rest on", list(kept_files.deviations()), "all as they were entered")


def _wrong_with(logs: Sequence[StoredLog], place: int) -> Sequence[str]:
    try:
        return whole.one(logs, place, signers.policy, hashes_only=True).failed
    except (OSError, MalformedKey, UntrustedRotation) as error:
        return [f"{logs[place].origin}: whose signature it is cannot be told: {error}"]


def _check(id: str, title: str, wrong: Sequence[str], whole: str) -> Row:
    root = f"{workspace.current().root}/"
    said = "; ".join(each.replace(root, "") for each in wrong[:3]) or whole
    return {"id": id, "title": title, "intact": not wrong, "detail": said, "checked_at": clock.now()}
