"""The Merkle root over a table's rows: one 32-byte digest that still holds after a row was erased."""

from collections.abc import Iterable
from hashlib import sha256

HASH_BYTES = 32


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte hash of the leaf `entry` (RFC 6962, 2.1): a zero byte goes before it, so that no leaf is a node."""
    return sha256(b"\x00" + entry).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the 32-byte Merkle tree hash (RFC 6962, 2.1) of `leaf_hashes`, each 32 bytes, taken in their own byte order.

    Rows have no order that would outlive the erasure of their keys, so the hashes themselves are sorted: the root
    stands for the set. Of no leaves it is SHA-256 of nothing. Raises `ValueError` for a hash of another length.
    """
    level = sorted(leaf_hashes)
    if any(len(leaf) != HASH_BYTES for leaf in level):
        raise ValueError(f"a leaf hash has {HASH_BYTES} bytes")
    if not level:
        return sha256().digest()
    while len(level) > 1:
        # Pairing neighbours and carrying an odd last one up is the tree of RFC 6962, whose left part is the largest power of two.
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = above + level[-1:] if len(level) % 2 else above
    return level[0]
