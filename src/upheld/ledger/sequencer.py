"""The sequencer: the four things done to a ledger as a whole - `init`, `sequence`, `new_shard`, `status`.

One process at a time, by a file lock in the key directory and an advisory lock of PostgreSQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from upheld import clock
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import disk, entry, guards, keys, mark, models, placing, shard, signers, store, tree
from upheld.ledger.append import NOTHING, NoLedger
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.continuity import LedgerForked, file_name, key_directory, require_marked
from upheld.ledger.entry import Actor
from upheld.ledger.profile import Json
from upheld.ledger.store import StoredLog


class NotDurable(RuntimeError):
    """A commit here would not be on the disk when it returns, so that a signed checkpoint could outlive its entries."""


@dataclass(frozen=True)
class Sequenced:
    """What a call did: how many entries it placed, and the checkpoint that now stands (a signed note)."""

    origin: str
    placed: int
    size: int
    root: bytes
    note: str


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


def init(origin: str) -> Sequenced:
    """Make the first log, `<domain>/ledger/<tenant>/<shard>`, with key and first entry, and sign it. Where one stands, only sequence.

    Raises `MalformedOrigin` or `OriginTaken`.
    """
    with mark.locked(key_directory()):
        if store.current() is None:
            shard.open_first(origin)
    return sequence()


def new_shard(reason: str, *, actor: Actor = entry.SYSTEM, more: Mapping[str, Json] = NOTHING) -> Sequenced:
    """Go on in a new log that names the old one, its last signed checkpoint and the `reason`, and carries over what waits.

    For a database that was restored, forked, or lost its key. `reason` is logged in the clear and must name nobody.
    `more` are members of the first entry's body.
    """
    with mark.locked(key_directory()):
        shard.open_next(current(), reason, actor, more)
    return sequence()


def sequence() -> Sequenced:
    """Place every waiting entry of the current log and sign a checkpoint if it grew. Safe to call at any time, by anyone.

    Raises `LedgerForked` with the way on, `Miscomputed`, `SequencerBusy`, `NoLedger`, `NotLoggable`, `NotDurable`,
    or `DiskFailed`, after which this process must end.
    """
    _require_durable()
    directory = key_directory()
    with mark.locked(directory), disk.trusted():
        log = current()
        path = directory / file_name(log.origin, "mark")
        old = mark.read(path)
        placed = 0
        while count := placing.place_batch(log, old):
            placed += count
        return _sign(log, path, old, placed)


def require_going_on() -> None:
    """Raise `LedgerForked`, with the way on, unless the current log goes on from what was signed; or what keeps its key from signing.

    To ask before something is changed that will have to be signed; it writes nothing. Raises `NoLedger` before `init`.
    """
    log = current()
    verification_key(log)
    require_marked(log, log.nodes(log.size()), mark.read(key_directory() / file_name(log.origin, "mark")))


def is_due() -> bool:
    """Whether anything waits for its place, or for a signature alone (as a bulk does). Raises `NoLedger` before `init`."""
    log = current()
    last = log.checkpoint()
    return log.size() > (last[0] if last else 0) or log.waiting() > 0


def status() -> Status:
    """Return how the current log stands. Raises `NoLedger` before `init`."""
    log = current()
    size, last = log.size(), models.Checkpoint.objects.filter(log=log.number).order_by("-size").first()
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


def current() -> StoredLog:
    """Return the log that is written to. Raises `NoLedger` before `init`."""
    log = store.current()
    if log is None:
        raise NoLedger("there is no ledger yet: run `upheld init`")
    return log


def _require_durable() -> None:
    """Raise `NotDurable` inside a transaction, or where the database is set to commit before the disk has it."""
    if connection.in_atomic_block:
        raise NotDurable("entries are sequenced in transactions of their own: call this outside transaction.atomic()")
    setting, durable = {
        "sqlite": ("PRAGMA synchronous", {"2", "3"}),
        "postgresql": ("SHOW synchronous_commit", {"on", "remote_write", "remote_apply"}),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(setting)
        (found,) = cursor.fetchone()
    if str(found) not in durable:
        raise NotDurable(f"{setting} gives {found!r}: a power failure could take back entries behind a signed checkpoint")


def _sign(log: StoredLog, path: Path, old: Checkpoint | None, placed: int) -> Sequenced:
    """Advance the mark, then sign, then store: a crash between leaves a mark without a checkpoint, never the other way round."""
    size = log.size()
    nodes = log.nodes(size)
    require_marked(log, nodes, old)
    new = Checkpoint(log.origin, size, tree.root_at(size, nodes))
    stored = log.checkpoint(size)
    signer = signers.signer(log)
    mark.advance(path, old, new)
    if stored is not None:
        return Sequenced(log.origin, placed, size, new.root, stored[1])
    if old == new:  # moved by somebody who crashed then, perhaps before the disk had it
        mark.write(path, new.text().encode())
    note = keys.sign(new, signer)
    models.Checkpoint.objects.create(log=log.number, size=size, note=note, signed_at=clock.now())
    return Sequenced(log.origin, placed, size, new.root, note)


def verification_key(log: StoredLog) -> checkpoints.VerificationKey:
    """Return the public key in force for `log`. Raises `FileNotFoundError`, `KeyExposed` or `MalformedKey`."""
    return signers.key(log)


def _key(log: StoredLog) -> tuple[str, list[str]]:
    try:
        return verification_key(log).text(), []
    except (OSError, checkpoints.MalformedKey) as error:
        return "", [str(error)]


def _mark(log: StoredLog, size: int) -> list[str]:
    try:
        require_marked(log, log.nodes(size), mark.read(key_directory() / file_name(log.origin, "mark")))
    except (LedgerForked, checkpoints.MalformedCheckpoint) as error:
        return [str(error)]
    return []
