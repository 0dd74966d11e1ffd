"""A ledger to test, with ways to fill it and to take it out."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from upheld.ledger import sequencer, store
from upheld.ledger.append import append
from upheld.ledger.checkpoint import VerificationKey
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
