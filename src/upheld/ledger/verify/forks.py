"""Fork proofs: made from an export and a checkpoint held from before, and verified by whoever is shown one."""

from collections.abc import Sequence
from datetime import datetime

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import fork, tree
from upheld.ledger.checkpoint import MAX_NOTE_BYTES, MalformedCheckpoint, UntrustedCheckpoint
from upheld.ledger.fork import ForkProof, NoFork
from upheld.ledger.tiles import MalformedTile, TiledNodes
from upheld.ledger.tree import HASH_BYTES
from upheld.ledger.verify.layout import Layout, Unreadable
from upheld.ledger.verify.report import Report
from upheld.ledger.verify.trust import Trust, Trusted

SUFFIX = ".fork.json"


def verify(text: bytes, trusted: Trusted, *, now: datetime | None = None) -> Report:
    """Return whether `text` shows that a trusted log signed two histories. It holds if it does: then the log is not to be trusted."""
    report = Report()
    try:
        proof = fork.parse(text)
        held, other = fork.contradict(proof)
        trust = Trust(trusted, held.origin, now)
        for note in (proof.held, proof.other):
            trust.accept(note)
        report.origin, report.size, report.root = other.origin, other.size, other.root.hex()
        report.checked.append("both checkpoints are signed by the log")
        report.checked.append(
            f"the log signed the root {held.root.hex()} for its first {held.size:,} entries, "
            f"and with {other.size:,} entries another: {proof.root.hex()}. IT HAS TWO HISTORIES"
        )
    except (NoFork, MalformedCheckpoint, UntrustedCheckpoint) as error:
        report.failed.append(str(error))
    return report


def find(layout: Layout, held: Sequence[bytes], checkpoint_name: str = "checkpoint") -> ForkProof | None:
    """Return the proof that the export in `layout` does not go on from one of the notes `held`; None if none can be made.

    Signatures are not looked at here: whoever verifies the proof does.
    """
    try:
        now = layout.read(checkpoint_name, MAX_NOTE_BYTES)
        size = checkpoints.parse(now)[0].size
        nodes = TiledNodes(lambda tile: layout.read(tile.path, tile.width * HASH_BYTES), size)
        for note in held:
            proof = _between(note, now, nodes)
            if proof is not None:
                return proof
    except (Unreadable, MalformedCheckpoint, MalformedTile, tree.MalformedHash):
        pass  # then the export is damaged, and shows nothing about the log
    return None


def _between(held: bytes, now: bytes, nodes: TiledNodes) -> ForkProof | None:
    (old, _), (new, _) = checkpoints.parse(held), checkpoints.parse(now)
    if old.size > new.size or not old.size:
        return None
    root = tree.root_at(old.size, nodes) if old.size < new.size else new.root
    path = tree.consistency_proof(old.size, new.size, nodes) if old.size < new.size else []
    proof = ForkProof(_signed_alone(held), _signed_alone(now), root, tuple(path))
    try:
        fork.contradict(proof)
    except (NoFork, MalformedCheckpoint):
        return None
    return proof


def _signed_alone(note: bytes) -> bytes:
    """Return the note without cosignatures, which prove nothing here and make the proof longer."""
    checkpoint, signatures = checkpoints.parse(note)
    mine = [line for line in signatures if line.name == checkpoint.origin]
    return checkpoints.note(checkpoint, mine or signatures).encode()
