"""Fork proofs: that a log signed two histories. One small file that anyone verifies with nothing but the log's key. Standard library only.

It holds two signed checkpoints, and what the second says the tree was at the size of the first: another root than the first has.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import tree
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint, decode

FORMAT = "upheld/fork/1"
MAX_BYTES = 1 << 16
_MEMBERS = {"format", "held", "other", "path", "root"}


class NoFork(ValueError):
    """What does not show a fork; the message says why."""


@dataclass(frozen=True)
class ForkProof:
    """Two notes of one log, `held` the smaller; `path` is the consistency proof from `root` at the size of `held` to `other`."""

    held: bytes
    other: bytes
    root: bytes
    path: tuple[bytes, ...] = ()

    def text(self) -> bytes:
        """Return the file: canonical JSON."""
        fields = {
            "format": FORMAT,
            "held": self.held.decode(),
            "other": self.other.decode(),
            "path": [base64.b64encode(step).decode() for step in self.path],
            "root": base64.b64encode(self.root).decode(),
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parse(text: bytes) -> ForkProof:
    """Return what `text` claims, **not yet verified**. Raises `NoFork`."""
    try:
        fields = json.loads(text.decode()) if len(text) <= MAX_BYTES else None
    except (ValueError, RecursionError) as error:
        raise NoFork("this is no fork proof: it is not JSON") from error
    if not isinstance(fields, dict) or fields.keys() != _MEMBERS or fields["format"] != FORMAT or not isinstance(fields["path"], list):
        raise NoFork(f"this is no fork proof: it is not an object of the format {FORMAT}")
    held, other = fields["held"], fields["other"]
    if not isinstance(held, str) or not isinstance(other, str):
        raise NoFork("a fork proof holds two notes as text")
    try:
        return ForkProof(held.encode(), other.encode(), _hash(fields["root"]), tuple(_hash(step) for step in fields["path"]))
    except UnicodeEncodeError as error:
        raise NoFork("a fork proof holds two notes as text") from error


def contradict(proof: ForkProof) -> tuple[Checkpoint, Checkpoint]:
    """Return the two checkpoints of `proof` once they are shown to contradict one another; **who signed them is not looked at**.

    Raises `NoFork` or `MalformedCheckpoint`.
    """
    (held, _), (other, _) = checkpoints.parse(proof.held), checkpoints.parse(proof.other)
    if held.origin != other.origin:
        raise NoFork("the two checkpoints are of different logs")
    if proof.root == held.root:
        raise NoFork("the two checkpoints agree: the second goes on from the first")
    try:
        tree.verify_consistency(held.size, proof.root, other.size, other.root, proof.path)
    except (tree.InvalidProof, tree.MalformedHash) as error:
        raise NoFork(f"the second checkpoint is not shown to be of another tree: {error}") from error
    return held, other


def between(held: bytes, other: bytes, path: Sequence[bytes]) -> ForkProof | None:
    """Return the proof that the signed notes `held` and `other` (not smaller) fork, if `path` gives it; None if it does not.

    `path` is what was handed in as the consistency proof between them. Where the smaller size is a power of two it does
    not hold the root that it begins at, and nothing can be made of it.
    """
    try:
        (old, _), (new, _) = checkpoints.parse(held), checkpoints.parse(other)
        if old.size == new.size:
            root = new.root
        elif path and old.size & (old.size - 1):
            root = tree.old_root(old.size, new.size, path)
        else:
            return None
        proof = ForkProof(held, other, root, () if old.size == new.size else tuple(path))
        contradict(proof)
    except (MalformedCheckpoint, NoFork, tree.InvalidProof, tree.MalformedHash):
        return None
    return proof


def _hash(text: object) -> bytes:
    found = decode(text) if isinstance(text, str) else None
    if found is None or len(found) != tree.HASH_BYTES:
        raise NoFork("a hash of the fork proof is not the base64 of 32 bytes")
    return found
