"""The Merkle tree of RFC 9162, section 2.1: roots, inclusion and consistency proofs, and their verification.

Every hash is 32 bytes (SHA-256). Pure, standard library only. Proof builders take a `NodeSource`, so that they
run equally on tiles in a database, in a folder or in memory.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import TypeAlias

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
MAX_SIZE = 2**63 - 1

# (height, index) -> hash of the complete subtree over the leaves from index << height up to (index + 1) << height.
NodeSource: TypeAlias = Callable[[int, int], bytes]


class MalformedHash(ValueError):
    """Something that should be a 32-byte hash and is not."""


class InvalidProof(ValueError):
    """A proof that does not show what it claims; the message says where it fails."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf; the first byte keeps leaves and inner nodes apart."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry, in order: in one loop, which takes two thirds of as many calls."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the 32-byte Merkle root of `leaf_hashes`, taken in order (RFC 9162, 2.1.1).

    Each is 32 bytes and already a leaf hash. Raises `MalformedHash` for any other length.
    """
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root()


class Frontier:
    """The roots of a growing tree's complete subtrees, largest first: all that is needed to add leaves."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Continue at `size` leaves with `peaks`, one for each set bit of `size`. Raises `MalformedHash`."""
        if size < 0 or len(peaks) != size.bit_count():
            raise MalformedHash(f"a tree of {size} leaves has {max(size, 0).bit_count()} peaks, not {len(peaks)}")
        _check(peaks)
        self.size = size
        self._peaks = list(peaks)

    def push(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order. Raises `MalformedHash`."""
        peaks, size = self._peaks, self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                self.size = size
                raise MalformedHash(f"a leaf hash is {HASH_BYTES} bytes, not {len(leaf)}")
            rest, node = size, leaf
            while rest & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                rest >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    def root(self) -> bytes:
        """Return the root of the leaves so far."""
        return folded(self._peaks)


def peaks(size: int, node: NodeSource) -> list[bytes]:
    """Return the roots of the complete subtrees of a tree of `size` leaves, largest first."""
    return _peaks(0, size, node)


def root_at(size: int, node: NodeSource) -> bytes:
    """Return the root of the first `size` leaves."""
    return folded(peaks(size, node))


def folded(peaks: Sequence[bytes]) -> bytes:
    """Return the root over `peaks`, the roots of a tree's complete subtrees, largest first."""
    return _fold(peaks) if peaks else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeSource) -> list[bytes]:
    """Return the path from leaf `index` up to the root of the first `size` leaves (RFC 9162, 2.1.3.1).

    Raises `InvalidProof` unless 0 <= index < size.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise InvalidProof(f"there is no entry {index} in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(_subtree(split, end, node))
            end = split
        else:
            path.append(_subtree(start, split, node))
            start = split
    return path[::-1]


def consistency_proof(old: int, new: int, node: NodeSource) -> list[bytes]:
    """Return the proof that the first `old` leaves are unchanged among the first `new` (RFC 9162, 2.1.4.1).

    Empty where there is nothing to show (old is 0 or new). Raises `InvalidProof` unless 0 <= old <= new.
    """
    if not 0 <= old <= new <= MAX_SIZE:
        raise InvalidProof(f"a tree of {new} does not contain one of {old}")
    if old in (0, new):
        return []
    path, start, end = [], 0, new
    while old != end:
        split = start + _split(end - start)
        if old <= split:
            path.append(_subtree(split, end, node))
            end = split
        else:
            path.append(_subtree(start, split, node))
            start = split
    if start:
        path.append(_subtree(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise `InvalidProof` unless `path` shows leaf hash `leaf` at `index` under `root` of `size` leaves (RFC 9162, 2.1.3.2)."""
    _check([leaf, root, *path])
    if not 0 <= index < size <= MAX_SIZE:
        raise InvalidProof(f"there is no entry {index} in a tree of {size}")
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if sn == 0:
            raise InvalidProof("the inclusion proof has more hashes than the tree has levels")
        if fn & 1 or fn == sn:
            found = node_hash(step, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise InvalidProof("the inclusion proof has fewer hashes than the tree has levels")
    if found != root:
        raise InvalidProof("the inclusion proof leads to another root")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raise `InvalidProof` unless `path` shows the tree of `old` leaves to be the beginning of that of `new` (RFC 9162, 2.1.4.2)."""
    _check([old_root, new_root, *path])
    if not 0 <= old <= new <= MAX_SIZE:
        raise InvalidProof(f"a tree of {new} does not contain one of {old}")
    if old in (0, new):
        _verify_trivial(old, old_root, new_root, path)
        return
    if not path:
        raise InvalidProof("the consistency proof is empty")
    old_found, new_found = _roots(old, new, list(path) if old & (old - 1) else [old_root, *path])
    if old_found != old_root:
        raise InvalidProof(f"the consistency proof leads to another root at {old}")
    if new_found != new_root:
        raise InvalidProof(f"the consistency proof leads to another root at {new}")


def old_root(old: int, new: int, path: Sequence[bytes]) -> bytes:
    """Return the root at `old` (no power of two, below `new`) that the consistency proof `path` leads to. Raises `InvalidProof`."""
    _check(path)
    if not 0 < old < new <= MAX_SIZE or not old & (old - 1) or not path:
        raise InvalidProof(f"no root at {old} follows from a proof between {old} and {new}")
    return _roots(old, new, path)[0]


def _roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return _climb(fn, sn, path)


def _climb(fn: int, sn: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the old and the new root that `path` leads to (steps 5 and 6 of RFC 9162, 2.1.4.2)."""
    old_found = new_found = path[0]
    for step in path[1:]:
        if sn == 0:
            raise InvalidProof("the consistency proof has more hashes than the tree has levels")
        if fn & 1 or fn == sn:
            old_found, new_found = node_hash(step, old_found), node_hash(step, new_found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_found = node_hash(new_found, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise InvalidProof("the consistency proof has fewer hashes than the tree has levels")
    return old_found, new_found


def _verify_trivial(old: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    if path:
        raise InvalidProof("the consistency proof has hashes where nothing needs showing")
    if old_root != (new_root if old else EMPTY_ROOT):
        raise InvalidProof("two different roots are claimed for one size" if old else "the empty tree has another root")


def _check(hashes: Iterable[bytes]) -> None:
    for found in hashes:
        if len(found) != HASH_BYTES:
            raise MalformedHash(f"a hash is {HASH_BYTES} bytes, not {len(found)}")


def _split(size: int) -> int:
    """Return the largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(start: int, end: int, node: NodeSource) -> bytes:
    """Return the root over the leaves from `start` up to `end`, where `start` is as the splits of RFC 9162 leave it."""
    return _fold(_peaks(start, end, node))


def _peaks(start: int, end: int, node: NodeSource) -> list[bytes]:
    found = []
    for height in range((end - start).bit_length() - 1, -1, -1):
        if (end - start) >> height & 1:
            found.append(node(height, start >> height))
            start += 1 << height
    return found


def _fold(peaks: Sequence[bytes]) -> bytes:
    found = peaks[-1]
    for peak in peaks[-2::-1]:
        found = sha256(b"\x01" + peak + found).digest()
    return found
