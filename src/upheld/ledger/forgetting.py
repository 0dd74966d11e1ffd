"""Whether this machine may have forgotten what was signed since: put back whole, database and keys, it cannot know that by itself.

Then it has also forgotten whom it erased since. What tells is the mark, which no backup of keys has, and the memory of witnesses.
"""

from datetime import timedelta

from upheld import clock
from upheld.ledger import store
from upheld.ledger.continuity import LedgerForked, marked
from upheld.ledger.store import StoredLog
from upheld.ledger.witness import asking

_ASK_AGAIN = timedelta(minutes=10)
_SECONDS = 3.0


class Forgotten(LedgerForked):
    """More was signed than this machine knows of, and whoever was erased since then is here again. Nothing is served or read."""


def why(log: StoredLog) -> str:
    """Return what tells that `log` was signed further than this machine knows, "" if nothing does."""
    if marked(log) is None and log.checkpoint() is not None:
        return f"{log.origin} has checkpoints, but its high-water mark is gone from the key directory"
    for row in asking.in_use():
        if row.trouble.startswith(asking.ALARM):
            return f"the witness {row.name} remembers more than this machine: {row.trouble.removeprefix(asking.ALARM)}"
    return ""


def require_remembered() -> None:
    """Ask witnesses that were not asked lately, and raise `Forgotten` where more was signed than is known here. Call it before serving.

    A witness that does not answer tells nothing, and keeps nothing from going on.
    """
    log = store.current()
    if log is None:
        return
    before = clock.now() - _ASK_AGAIN
    if any(row.tried_at is None or not before < row.tried_at <= clock.now() for row in asking.in_use()):
        asking.push(log, seconds=_SECONDS, anew=True)
    if said := why(log):
        raise Forgotten(
            f"{said}. This machine was put back as it was earlier, and does not know whom it erased since. Bring back its newest state; "
            "if that is lost, run `upheld ledger new-shard`, which asks for the receipts of those erasures."
        )
