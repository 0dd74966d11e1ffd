"""A ledger to test, with ways to fill it and to take it out."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from upheld.ledger import canonical, entry, guards, sequencer, store
from upheld.ledger.append import append
from upheld.ledger.checkpoint import VerificationKey
from upheld.ledger.continuity import file_name, key_directory
from upheld.ledger.export import export
from upheld.ledger.sequencer import Sequenced
from upheld.ledger.store import StoredLog
from upheld.workspace import Workspace

ORIGIN = "example.com/ledger/main/1"


@dataclass(frozen=True)
class Ledger:
    """A ledger whose log holds one entry, `key.created`."""

    workspace: Workspace

    @property
    def log(self) -> StoredLog:
        """The log that is written to."""
        found = store.current()
        assert found is not None
        return found

    @property
    def key(self) -> VerificationKey:
        """Its public key."""
        return sequencer.verification_key(self.log)

    def append(self, count: int = 1, kind: str = "thing.happened") -> list[str]:
        """Hand over `count` entries in one transaction and return their ids."""
        with transaction.atomic():
            return [append(kind, body={"n": number}, subject=("measure", "access/mfa_required")) for number in range(count)]

    def grow(self, count: int) -> Sequenced:
        """Append and sequence `count` entries."""
        self.append(count)
        return sequencer.sequence()

    def export(self, path: Path) -> Path:
        """Write the log out to `path` and return it."""
        export(self.log, path)
        return path


def kinds(ledger: Ledger) -> list[str]:
    """Return the kinds of all entries of the current log, in order."""
    return [entry.read(canonical.read(data)).kind for data in ledger.log.entries(0, ledger.log.size())]


def snapshot(ledger: Ledger, to: Path) -> None:
    """Copy the database as a backup does."""
    connection.close()
    shutil.copyfile(ledger.workspace.database, to)


def restore(ledger: Ledger, backup: Path) -> None:
    """Put a copy back, as somebody would after a disk failure."""
    connection.close()
    for old in ledger.workspace.root.glob("upheld.sqlite3*"):
        old.unlink()
    shutil.copyfile(backup, ledger.workspace.database)


def mark_path(ledger: Ledger) -> Path:
    """Return where the current log's mark is."""
    return key_directory() / file_name(ledger.log.origin, "mark")


def changed(statement: str) -> None:
    """Change rows as the owner of the database can: without the guards, which are put back."""
    with connection.cursor() as cursor:
        for table in guards.TABLES:
            for kind in ("update", "delete", "insert"):
                cursor.execute(f"DROP TRIGGER {table.table}_{kind}")
        cursor.execute(statement)
    guards.create(connection)
