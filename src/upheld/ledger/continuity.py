"""Whether the database still goes on from what was signed: the stored log against its high-water mark."""

from pathlib import Path

from upheld import workspace
from upheld.ledger import mark, tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.store import StoredLog
from upheld.ledger.tiles import TiledNodes


class LedgerForked(RuntimeError):
    """The database holds less than what was signed, or something else: it was restored or replaced. Nothing is written."""


def key_directory() -> Path:
    """Return the directory of the ledger's keys and marks, made on first use, private to this user."""
    directory = workspace.current().keys / "ledger"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def file_name(origin: str, suffix: str) -> str:
    """Return the name of a log's file in the key directory; origins have no underscore, so that two never meet."""
    return origin.replace("/", "_") + "." + suffix


def marked(log: StoredLog) -> Checkpoint | None:
    """Return the high-water mark of `log`, or None before the first. Raises `MalformedCheckpoint`."""
    return mark.read(key_directory() / file_name(log.origin, "mark"))


def require_marked(log: StoredLog, nodes: TiledNodes, marked: Checkpoint | None) -> None:
    """Raise `LedgerForked` unless the stored log, whose nodes are `nodes`, begins with what `marked` says was signed."""
    way_on = (
        "Bring back the newest copy of the database; if it is lost, run `upheld ledger new-shard` with the reason: "
        "it goes on in a new log that names this one and its last checkpoint."
    )
    if workspace.current().is_stage:
        raise LedgerForked(f"{log.origin} is on a stage here, a copy that may yet be given up: it is signed once it is in its place")
    if marked is None:
        if log.checkpoint() is not None:
            raise LedgerForked(f"{log.origin} has checkpoints, but its high-water mark is gone from the key directory. {way_on}")
        return
    if nodes.size < marked.size:
        raise LedgerForked(
            f"{log.origin} was signed at {marked.size} entries and the database has {nodes.size}: it was restored from a backup. {way_on}"
        )
    if tree.root_at(marked.size, nodes) != marked.root:
        raise LedgerForked(f"{log.origin} holds other entries than those signed at size {marked.size}: it was replaced. {way_on}")
