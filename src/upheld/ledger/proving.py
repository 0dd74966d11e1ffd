"""Taking out an entry with its proof, under the checkpoint that says most: the newest one witnessed, else the last one signed."""

from upheld.ledger import anchors, reading, stamping
from upheld.ledger.checkpoint import COSIGNATURE, parse_key
from upheld.ledger.policy import Policy, Quorum
from upheld.ledger.proof import Proof
from upheld.ledger.signers import policy as keys_in_force
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


def policy(log: StoredLog) -> Policy:
    """Return what somebody may trust who trusts us: our keys with their sizes, our witnesses, all of them, and our authorities' roots.

    Raises as `signers.policy` does.
    """
    witnesses = tuple(parse_key(row.key, COSIGNATURE) for row in in_use())
    authorities = tuple(row.roots for row in stamping.in_use())
    return Policy(keys_in_force(log).keys, witnesses, Quorum(len(witnesses), witnesses), authorities)
