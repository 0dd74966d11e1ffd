"""Writing down what became of backups: the row and its entry of the ledger, in one transaction. The caller holds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from upheld.backups.models import Backup, RestoreTest
from upheld.ledger.append import append
from upheld.ledger.entry import Evidence, instant_text
from upheld.ledger.profile import Json

MEDIA_TYPE = "application/x-upheld-backup"


@dataclass(frozen=True)
class Taken:
    """A backup as it was written. `size` and `root` (hex) are the checkpoint it was taken under, None before the first."""

    id: str
    content: str
    path: Path
    started_at: datetime
    finished_at: datetime
    files: int
    size_bytes: int
    digest: str
    encrypted: bool
    product: str
    size: int | None = None
    root: str | None = None
    wrong: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tested:
    """What bringing a backup back found: `wrong` in sentences, empty when its content is verified."""

    backup: str
    started_at: datetime
    finished_at: datetime
    took: timedelta
    files: int
    wrong: tuple[str, ...] = ()


def record_taken(taken: Taken) -> None:
    """Write down that a backup was taken. Its path stays beside the ledger: it may name somebody."""
    body: dict[str, Json] = {
        "content": taken.content,
        "product": taken.product,
        "started_at": instant_text(taken.started_at),
        "finished_at": instant_text(taken.finished_at),
        "files": taken.files,
        "encrypted": taken.encrypted,
        "size": taken.size,
        "root": taken.root,
        "wrong": len(taken.wrong),
    }
    evidence = [Evidence(taken.digest, taken.size_bytes, MEDIA_TYPE)]
    entry_id = append("backup.taken", subject=("backup", taken.id), body=body, evidence=evidence)
    Backup.objects.create(
        id=taken.id,
        content=taken.content,
        path=str(taken.path),
        started_at=taken.started_at,
        finished_at=taken.finished_at,
        size_bytes=taken.size_bytes,
        digest=taken.digest,
        encrypted=taken.encrypted,
        product_version=taken.product,
        entry_id=entry_id,
    )


def record_tested(test_id: str, tested: Tested) -> None:
    """Write down that a backup was brought back to see whether it can be, and what was found. Reasons stay beside the ledger."""
    body: dict[str, Json] = {
        "test": test_id,
        "started_at": instant_text(tested.started_at),
        "finished_at": instant_text(tested.finished_at),
        "took_us": tested.took // timedelta(microseconds=1),
        "content_verified": not tested.wrong,
        "files": tested.files,
    }
    entry_id = append("restore.tested", subject=("backup", tested.backup or "unreadable"), body=body)
    RestoreTest.objects.create(
        id=test_id,
        backup=tested.backup,
        started_at=tested.started_at,
        finished_at=tested.finished_at,
        took=tested.took,
        content_verified=not tested.wrong,
        files=tested.files,
        said=" ".join(tested.wrong)[:2000],
        entry_id=entry_id,
    )
