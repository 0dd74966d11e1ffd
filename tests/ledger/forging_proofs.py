"""Attacks 55 to 74: proofs that one entry is in a log, or that a log goes on from an earlier one, and are none."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.ledger.forging import GENUINE, OWNER
from tests.ledger.given import ORIGIN

from upheld.ledger import keys, tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.proof import Proof
from upheld.ledger.tree import InvalidProof
from upheld.ledger.verify import proof as proofs

ENTRIES = GENUINE[:7]
LEAVES = [tree.leaf_hash(data) for data in ENTRIES]
FORK = [tree.leaf_hash(GENUINE[9]), *LEAVES[1:]]


def nodes(leaves: Sequence[bytes]) -> tree.NodeSource:
    """Return the nodes of the tree over `leaves`."""
    return lambda height, index: tree.root(leaves[index << height : (index + 1) << height])


def signed(size: int, root: bytes) -> bytes:
    """Return a checkpoint that the log's owner signed."""
    return keys.sign(Checkpoint(ORIGIN, size, root), OWNER).encode()


ROOT, PATH = tree.root(LEAVES), tree.inclusion_proof(3, 7, nodes(LEAVES))
NOTE = signed(7, ROOT)
INNER = LEAVES[2] + LEAVES[3]  # the two children of an inner node, passed off as an entry
CASES: dict[int, tuple[str, Proof, bytes, str]] = {
    55: ("a wrong index", Proof(2, PATH, NOTE), ENTRIES[3], "leads to another root"),
    56: ("an index that is the size", Proof(7, PATH, NOTE), ENTRIES[3], "there is no entry 7 in a tree of 7"),
    57: ("an index below zero", Proof(-1, PATH, NOTE), ENTRIES[3], "no line 'index' with a decimal number"),
    58: ("one hash short", Proof(3, PATH[:-1], NOTE), ENTRIES[3], "fewer hashes than the tree has levels"),
    59: ("one hash more", Proof(3, [*PATH, LEAVES[0]], NOTE), ENTRIES[3], "more hashes than the tree has levels"),
    60: ("two hashes swapped", Proof(3, [PATH[1], PATH[0], *PATH[2:]], NOTE), ENTRIES[3], "leads to another root"),
    61: ("a hash of 31 bytes", Proof(3, [PATH[0][:31], *PATH[1:]], NOTE), ENTRIES[3], "is not the base64 of a hash"),
    62: ("the root of another size", Proof(3, PATH, signed(7, tree.root(LEAVES[:6]))), ENTRIES[3], "leads to another root"),
    63: ("another size, whose subtree is valid", Proof(3, PATH, signed(4, tree.root(LEAVES[:4]))), ENTRIES[3], "more hashes than the tree"),
    64: ("the empty tree", Proof(0, (), signed(0, tree.EMPTY_ROOT)), ENTRIES[3], "there is no entry 0 in a tree of 0"),
    65: ("an inner node as an entry", Proof(1, PATH[1:], signed(4, tree.root(LEAVES[:4]))), INNER, "leads to another root|more hashes"),
}


def shown(proof: Proof, entry: bytes, folder: Path) -> list[str]:
    """Return what the verifier says is wrong with `proof`, by way of its file."""
    return proofs.verify(proof.text(), ORIGIN, [OWNER.key], entry).failed


STEPS = tree.consistency_proof(5, 7, nodes(LEAVES))
OLD, NEW, FORKED = tree.root(LEAVES[:5]), ROOT, tree.root(FORK)
Growth = tuple[int, bytes, int, bytes, Sequence[bytes]]
GROWTH: dict[int, tuple[str, Growth, str]] = {
    66: ("a forked old root", (5, tree.root(FORK[:5]), 7, NEW, STEPS), "leads to another root at 5"),
    67: ("a forked new root", (5, OLD, 7, FORKED, STEPS), "leads to another root at 7"),
    68: ("a new tree below the old one", (7, NEW, 5, OLD, STEPS), "a tree of 5 does not contain one of 7|does not contain"),
    69: ("an empty proof", (5, OLD, 7, NEW, []), "the consistency proof is empty"),
    70: ("one size, two roots", (7, NEW, 7, FORKED, []), "two different roots are claimed for one size"),
    71: ("one size, and a proof", (7, NEW, 7, NEW, STEPS), "has hashes where nothing needs showing"),
    72: ("a root claimed for the empty tree", (0, OLD, 7, NEW, []), "the empty tree has another root"),
    73: ("one hash more", (5, OLD, 7, NEW, [*STEPS, LEAVES[0]]), "more hashes than the tree has levels"),
    74: ("the honest proof of a forked log", (5, OLD, 7, FORKED, tree.consistency_proof(5, 7, nodes(FORK))), "leads to another root at 5"),
}


def grown(claim: Growth, folder: Path) -> list[str]:
    """Return why `claim` does not show that one tree is the beginning of another."""
    try:
        tree.verify_consistency(*claim)
    except InvalidProof as error:
        return [str(error)]
    return []


ATTACKS = {number: (what, partial(shown, proof, entry), why) for number, (what, proof, entry, why) in CASES.items()} | {
    number: (what, partial(grown, claim), why) for number, (what, claim, why) in GROWTH.items()
}
