"""The product's own backups and restore tests, as rows. Pure."""

from collections.abc import Iterator
from pathlib import PurePath

from upheld.evidence.table import Row
from upheld.sources.product.get_backups import Backups, Found


def backup_rows(system: str, known: Backups) -> Iterator[Row]:
    """Yield a row of table backups for each backup: complete if its file is there as it was, unknown if it is elsewhere by now."""
    tried = {test.backup: test for test in known.tests}
    for found in known.backups:
        backup, test = found.backup, tried.get(found.backup.id)
        yield {
            "id": f"{system}:{backup.id}",
            "system_id": system,
            "repository": str(PurePath(backup.path).parent),
            "started_at": backup.started_at,
            "finished_at": backup.finished_at,
            "content": "all",
            "size_bytes": backup.size_bytes,
            "complete": _is_whole(found),
            "intact": test.content_verified if test else None,
            "checked_at": test.finished_at if test else None,
        }


def _is_whole(found: Found) -> bool | None:
    return None if found.size_bytes is None else found.size_bytes == found.backup.size_bytes


def restore_rows(system: str, known: Backups) -> Iterator[Row]:
    """Yield a row of table restore_tests for each time a backup was brought back to see whether it can be."""
    for test in known.tests:
        yield {
            "id": f"{system}:{test.id}",
            "system_id": system,
            "backup_id": f"{system}:{test.backup}" if test.backup else None,
            "started_at": test.started_at,
            "finished_at": test.finished_at,
            "took": test.took,
            "content_verified": test.content_verified,
            "files": test.files,
            "said": test.said or "every digest, the database, the ledger and the Merkle roots hold",
        }
