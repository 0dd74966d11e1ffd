"""How the ledger stands, for pages, `upheld ledger status` and `upheld doctor`."""

from dataclasses import dataclass
from datetime import datetime

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import guards, keys, mark, store
from upheld.ledger.append import NoLedger
from upheld.ledger.models import Checkpoint as CheckpointRow
from upheld.ledger.sequencer import LedgerForked, file_name, key_directory, require_marked
from upheld.ledger.store import StoredLog


@dataclass(frozen=True)
class Status:
    """The current log. `root` is in hex. `wrong` says in sentences what must be looked at; empty when all is well."""

    origin: str
    key: str
    size: int
    root: str
    checkpointed_size: int
    checkpointed_at: datetime | None
    waiting: int
    mark_ok: bool
    wrong: tuple[str, ...]


def status() -> Status:
    """Return how the current log stands. Raises `NoLedger` before `init`."""
    log = store.current()
    if log is None:
        raise NoLedger("there is no ledger yet: run `upheld init`")
    size, last = log.size(), CheckpointRow.objects.filter(log=log.number).order_by("-size").first()
    key, key_wrong = _key(log)
    mark_wrong = _mark(log, size)
    unguarded = guards.missing()
    wrong = [*key_wrong, *mark_wrong]
    if unguarded:
        wrong.append(f"guards are gone from the database: {', '.join(unguarded)}")
    return Status(
        origin=log.origin,
        key=key,
        size=size,
        root=log.root(size).hex(),
        checkpointed_size=last.size if last else 0,
        checkpointed_at=last.signed_at if last else None,
        waiting=log.waiting(),
        mark_ok=not mark_wrong,
        wrong=tuple(wrong),
    )


def verification_key(log: StoredLog) -> checkpoints.VerificationKey:
    """Return the public key of `log`. Raises `FileNotFoundError`, `KeyExposed` or `MalformedKey`."""
    return keys.load(key_directory() / file_name(log.origin, "key")).key


def _key(log: StoredLog) -> tuple[str, list[str]]:
    try:
        return verification_key(log).text(), []
    except (OSError, checkpoints.MalformedKey) as error:
        return "", [str(error)]


def _mark(log: StoredLog, size: int) -> list[str]:
    try:
        require_marked(log, size, mark.read(key_directory() / file_name(log.origin, "mark")))
    except (LedgerForked, checkpoints.MalformedCheckpoint) as error:
        return [str(error)]
    return []
