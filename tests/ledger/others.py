"""A log of somebody else, kept in memory, that can lie: what witnesses are asked with."""

from dataclasses import dataclass, field

from upheld.ledger import cosignature, keys, tree
from upheld.ledger.checkpoint import COSIGNATURE, Checkpoint, note, parse
from upheld.ledger.keys import FileSigner
from upheld.ledger.witness.request import Request

THEIRS = "other.example/ledger/main/1"


@dataclass
class OtherLog:
    """A log of `leaves`, signed by a key made from `seed`; two with one seed and other leaves are a fork."""

    leaves: list[bytes] = field(default_factory=list)
    seed: bytes = bytes(32)

    @property
    def signer(self) -> FileSigner:
        """Its key."""
        return FileSigner(THEIRS, self.seed)

    def node(self, height: int, index: int) -> bytes:
        """Return the root of a complete subtree."""
        return tree.root(tree.leaf_hash(each) for each in self.leaves[index << height : (index + 1) << height])

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` leaves."""
        return tree.root(tree.leaf_hash(each) for each in self.leaves[:size])

    def note(self, size: int) -> bytes:
        """Return the signed checkpoint at `size`."""
        return keys.sign(Checkpoint(THEIRS, size, self.root(size)), self.signer).encode()

    def path(self, old: int, new: int) -> list[bytes]:
        """Return the consistency proof."""
        return tree.consistency_proof(old, new, self.node) if 0 < old < new else []

    def request(self, old: int, new: int) -> bytes:
        """Return what is sent to a witness."""
        return Request(old, tuple(self.path(old, new)), self.note(new)).text()


def numbered(count: int, mark: str = "") -> list[bytes]:
    """Return leaves that differ; `mark` makes other ones."""
    return [f"{mark}{number}".encode() for number in range(count)]


def cosigned(signed: bytes, witness: FileSigner, at: int) -> bytes:
    """Return the note with a cosignature of `witness` at `at` (POSIX seconds)."""
    checkpoint, signatures = parse(signed)
    line = cosignature.signature(witness.key, at, witness.sign(cosignature.message(checkpoint, at)))
    return note(checkpoint, [*signatures, line]).encode()


def a_witness(number: int, name: str = "") -> FileSigner:
    """Return the key of a witness."""
    return FileSigner(name or f"w{number}.example/witness", bytes([100 + number] * 32), COSIGNATURE)


LOG_OF_NINE = OtherLog(numbered(9))
