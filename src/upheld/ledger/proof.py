"""`.tlog-proof` files: that one entry is in a checkpointed log, in one text, verified offline (C2SP tlog-proof@v1).

The entry itself travels in the `extra` line; it is believed only because it hashes to the proven leaf.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import ed25519, tree
from upheld.ledger.checkpoint import Checkpoint, VerificationKey, VerifySignature, decode

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES = 2 << 20
MAX_PATH = 63

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)


class MalformedProof(ValueError):
    """Text that is no `.tlog-proof`; the message says what is wrong with it."""


@dataclass(frozen=True)
class Proof:
    """The entry (None if it travels apart), its index, the path of 32-byte hashes from it to the root, and the signed checkpoint."""

    index: int
    path: Sequence[bytes]
    note: bytes
    entry: bytes | None = None

    def text(self) -> bytes:
        """Return the file."""
        lines = [HEADER]
        if self.entry is not None:
            lines.append(f"extra {base64.b64encode(self.entry).decode()}")
        lines.append(f"index {self.index}")
        lines.extend(base64.b64encode(step).decode() for step in self.path)
        return "\n".join([*lines, "", ""]).encode() + self.note


def parse(text: bytes) -> Proof:
    """Return what `text` claims, **not yet verified**. Raises `MalformedProof`; the checkpoint within is looked at by `verify`."""
    if len(text) > MAX_PROOF_BYTES:
        raise MalformedProof(f"the proof is {len(text):,} bytes long, over {MAX_PROOF_BYTES:,}")
    head, blank, note = text.partition(b"\n\n")
    if not blank or not head.isascii():
        raise MalformedProof("the proof has no blank line before its checkpoint, or more than ASCII before it")
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != HEADER:
        raise MalformedProof(f"the proof does not begin with {HEADER}")
    entry = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None or int(index[1]) > tree.MAX_SIZE:
        raise MalformedProof("the proof has no line 'index' with a decimal number")
    if len(lines) > MAX_PATH:
        raise MalformedProof(f"the proof has {len(lines)} hashes; no tree is so high")
    return Proof(int(index[1]), tuple(_hash(line) for line in lines), note, entry)


def verify(
    proof: Proof, entry: bytes, origin: str, keys: Sequence[VerificationKey], verify_signature: VerifySignature = ed25519.verify
) -> Checkpoint:
    """Return the checkpoint under which `proof` shows `entry` to be in the log `origin`.

    Raises `UntrustedCheckpoint` or `MalformedCheckpoint` for its checkpoint, `InvalidProof` if the path leads elsewhere.
    """
    checkpoint = checkpoints.verify(proof.note, origin, keys, verify_signature)
    tree.verify_inclusion(tree.leaf_hash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root)
    return checkpoint


def _extra(line: str) -> bytes:
    found = decode(line.removeprefix("extra "))
    if found is None:
        raise MalformedProof("the line 'extra' is not base64")
    return found


def _hash(line: str) -> bytes:
    found = decode(line)
    if found is None or len(found) != tree.HASH_BYTES:
        raise MalformedProof(f"the proof's line {line[:60]!r} is not the base64 of a hash")
    return found
