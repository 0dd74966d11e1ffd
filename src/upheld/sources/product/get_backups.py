"""Ask this installation for its own backups and restore tests, each held against its entry of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upheld.backups.models import Backup, RestoreTest
from upheld.ledger import lookup
from upheld.ledger.entry import instant_text


@dataclass(frozen=True)
class Found:
    """A backup as it was written down; `size_bytes` is that of the file that lies there now, None where there is none."""

    backup: Backup
    size_bytes: int | None


@dataclass(frozen=True)
class Backups:
    """Backups of the workspace and restore tests, oldest first; `contradicted` counts those of which the ledger says otherwise."""

    backups: tuple[Found, ...]
    tests: tuple[RestoreTest, ...]
    contradicted: int


def backups() -> Backups:
    """Return what is known of them. Files are looked for where they were written, and not read."""
    taken, tests = list(Backup.objects.filter(content="workspace")), list(RestoreTest.objects.all())
    entries = lookup.entries([*(row.entry_id for row in taken), *(row.entry_id for row in tests)])
    agreed = [row for row in taken if _is_as_entered(row, entries.get(row.entry_id))]
    tried = [row for row in tests if _is_test_as_entered(row, entries.get(row.entry_id))]
    found = tuple(Found(row, _size(Path(row.path))) for row in agreed)
    return Backups(found, tuple(tried), len(taken) + len(tests) - len(agreed) - len(tried))


def _is_as_entered(row: Backup, entry: Mapping[str, Any] | None) -> bool:
    if entry is None or entry["kind"] != "backup.taken":
        return False
    (evidence,) = entry["ev"]
    said = (entry["subject"]["id"], evidence["sha256"], evidence["size"], entry["body"]["content"], entry["body"]["finished_at"])
    return said == (row.id, row.digest, row.size_bytes, row.content, instant_text(row.finished_at))


def _is_test_as_entered(row: RestoreTest, entry: Mapping[str, Any] | None) -> bool:
    if entry is None or entry["kind"] != "restore.tested":
        return False
    body = entry["body"]
    said = (body["test"], entry["subject"]["id"], body["content_verified"], body["took_us"], body["finished_at"])
    took = round(row.took.total_seconds() * 1_000_000)
    return said == (row.id, row.backup or "unreadable", row.content_verified, took, instant_text(row.finished_at))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
