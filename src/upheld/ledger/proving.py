"""Taking out an entry with its proof, under the checkpoint that says most: the newest one witnessed, else the last one signed."""

from collections.abc import Sequence

from upheld.ledger import anchors, reading, signers, stamping
from upheld.ledger.checkpoint import COSIGNATURE, MalformedKey, parse_key
from upheld.ledger.policy import Policy, Quorum
from upheld.ledger.proof import Proof
from upheld.ledger.rotation import KeyRange, UntrustedRotation
from upheld.ledger.store import StoredLog
from upheld.ledger.witness.asking import in_use


def prove(log: StoredLog, index: int) -> Proof:
    """Return the proof that entry `index` is in `log`, with the cosignatures kept for its checkpoint. Raises `NoEntry` or `NotAsSigned`."""
    size = anchors.best(log, index, [parse_key(row.key, COSIGNATURE).name for row in in_use()])
    signed = None if size is None else log.checkpoint(size)
    if signed is None:
        found = reading.prove(log, index)
        last = log.checkpoint()
        note = found.note if last is None else anchors.note(log, last[0], found.note.decode()).encode()
        return Proof(index, found.path, note, found.entry)
    return reading.prove_under(log, index, anchors.note(log, *signed).encode())


def policy(logs: Sequence[StoredLog]) -> Policy:
    """Return what somebody may trust who trusts us: the keys of `logs` with their sizes, all our witnesses, our authorities' roots.

    An earlier log whose key is lost names its keys itself, and the last one is in our hands. Raises as `signers.policy` does for that.
    """
    witnesses = tuple(parse_key(row.key, COSIGNATURE) for row in in_use())
    authorities = tuple(row.roots for row in stamping.in_use())
    keys = [each for log in logs[:-1] for each in _of_earlier(log)]
    return Policy((*keys, *signers.policy(logs[-1]).keys), witnesses, Quorum(len(witnesses), witnesses), authorities)


def _of_earlier(log: StoredLog) -> Sequence[KeyRange]:
    try:
        return signers.policy(log).keys
    except (OSError, MalformedKey, UntrustedRotation):
        return signers.declared(log).keys if log.checkpoint() else ()
