"""What of the ledger is public: its last checkpoint with the key, and the proof of an entry that a page names."""

from functools import lru_cache

from upheld.ledger import anchors, proving, rotating, signers, store
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.hardware import TokenFailed
from upheld.ledger.keys import KeyExposed
from upheld.ledger.rotation import UntrustedRotation
from upheld.ledger.store import NoEntry, NotAsSigned
from upheld.ledger.verify.bundle import program
from upheld.web.trust.public import Checkpoint


def checkpoint() -> Checkpoint | None:
    """Return the last checkpoint with every cosignature; None where nothing was signed yet, or the key's place cannot be read."""
    log = store.current()
    signed = log.checkpoint() if log else None
    if log is None or signed is None:
        return None
    try:
        key = signers.policy(log).keys[-1].key.text()
    except (OSError, MalformedKey, KeyExposed, TokenFailed, UntrustedRotation):
        return None
    return Checkpoint(anchors.note(log, *signed), key, log.origin, signed[0], "\n".join(rotating.statements(log)))


def proof(entry_id: str) -> bytes | None:
    """Return the entry with its proof, as a `.tlog-proof` file; None where it is not under a checkpoint yet, or nothing can be proven."""
    for log in reversed(store.all_logs()):
        try:
            return proving.prove(log, log.index_of(entry_id)).text()
        except NoEntry:
            continue
        except NotAsSigned:
            return None
    return None


@lru_cache(maxsize=1)
def verifier() -> bytes:
    """Return the verifier as one file that any Python runs, byte for byte as everybody builds it from the source."""
    return program.build()


def size() -> int:
    """Return how many entries the last checkpoint covers."""
    log = store.current()
    signed = log.checkpoint() if log else None
    return signed[0] if signed else 0
