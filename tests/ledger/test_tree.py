"""The tree of RFC 9162: known roots, and proofs that show exactly what is there."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.ledger import tree
from upheld.ledger.tree import Frontier, InvalidProof, MalformedHash

# The leaves and roots that every implementation of RFC 6962 is tested with.
RFC_6962_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
RFC_6962_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(70)]


def nodes(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    """Return the nodes over `leaves`, computed by definition."""

    def node(height: int, index: int) -> bytes:
        if height == 0:
            return leaves[index]
        return sha256(b"\x01" + node(height - 1, 2 * index) + node(height - 1, 2 * index + 1)).digest()

    return node


def by_definition(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 9162, 2.1.1 defines it, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_rfc_6962(size: int) -> None:
    assert tree.root([tree.leaf_hash(bytes.fromhex(leaf)) for leaf in RFC_6962_LEAVES[:size]]).hex() == RFC_6962_ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.root([]) == Frontier().root() == tree.root_at(0, nodes([])) == sha256(b"").digest()


@given(st.integers(0, 70))
def test_three_ways_to_a_root_agree(size: int) -> None:
    leaves = LEAVES[:size]
    assert tree.root(leaves) == tree.root_at(size, nodes(leaves)) == by_definition(leaves)


@given(st.integers(0, 70), st.data())
def test_a_frontier_goes_on_from_the_peaks_of_any_size(size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size))
    frontier = Frontier(start, tree.peaks(start, nodes(LEAVES)))
    for leaf in LEAVES[start:size]:
        frontier.push(leaf)
    assert frontier.root() == by_definition(LEAVES[:size])


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proven_under_every_later_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_proof(index, size, nodes(LEAVES))
    tree.verify_inclusion(LEAVES[index], index, size, path, by_definition(LEAVES[:size]))


@given(st.integers(0, 70), st.data())
def test_every_tree_is_shown_to_be_the_beginning_of_every_later_one(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    path = tree.consistency_proof(old, new, nodes(LEAVES))
    tree.verify_consistency(old, by_definition(LEAVES[:old]), new, by_definition(LEAVES[:new]), path)


@given(st.integers(1, 70), st.data())
def test_a_path_shows_no_other_leaf_index_or_size(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path, root = tree.inclusion_proof(index, size, nodes(LEAVES)), by_definition(LEAVES[:size])
    other = data.draw(st.integers(-1, 71).filter(lambda number: number != index))
    with pytest.raises(InvalidProof):
        tree.verify_inclusion(LEAVES[index], other, size, path, root)
    with pytest.raises(InvalidProof):
        tree.verify_inclusion(LEAVES[(index + 1) % 70], index, size, path, root)


@settings(max_examples=300)
@given(st.integers(1, 69), st.integers(2, 70), st.lists(st.sampled_from(LEAVES), max_size=8))
def test_no_made_up_path_shows_a_forked_tree_to_be_consistent(old: int, new: int, path: list[bytes]) -> None:
    forked = by_definition([LEAVES[-1], *LEAVES[1:old]])
    with pytest.raises(InvalidProof):
        tree.verify_consistency(old, forked, new, by_definition(LEAVES[:new]), path)


ROOT7 = by_definition(LEAVES[:7])
PATH = tree.inclusion_proof(3, 7, nodes(LEAVES))
INNER = tree.leaf_hash(LEAVES[2] + LEAVES[3])  # what an entry made of an inner node's children would hash to
BAD_INCLUSION = {
    "wrong index": (LEAVES[3], 2, 7, PATH, ROOT7),
    "index is the size": (LEAVES[3], 7, 7, PATH, ROOT7),
    "negative index": (LEAVES[3], -1, 7, PATH, ROOT7),
    "one hash short": (LEAVES[3], 3, 7, PATH[:-1], ROOT7),
    "one hash more": (LEAVES[3], 3, 7, [*PATH, LEAVES[0]], ROOT7),
    "hashes swapped": (LEAVES[3], 3, 7, [PATH[1], PATH[0], *PATH[2:]], ROOT7),
    "root of another size": (LEAVES[3], 3, 7, PATH, by_definition(LEAVES[:6])),
    "wrong size with a valid subtree": (LEAVES[3], 3, 4, PATH, by_definition(LEAVES[:4])),
    "empty tree": (LEAVES[3], 0, 0, [], tree.EMPTY_ROOT),
    "an inner node as a leaf": (INNER, 1, 4, PATH[1:], ROOT7),
}
OLD, NEW = by_definition(LEAVES[:5]), by_definition(LEAVES[:7])
STEPS = tree.consistency_proof(5, 7, nodes(LEAVES))
FORK = [LEAVES[9], *LEAVES[1:7]]
BAD_CONSISTENCY = {
    "forked old root": (5, by_definition(FORK[:5]), 7, NEW, STEPS),
    "forked new root": (5, OLD, 7, by_definition(FORK), STEPS),
    "new below old": (7, NEW, 5, OLD, STEPS),
    "empty proof": (5, OLD, 7, NEW, []),
    "same size, other root": (7, NEW, 7, by_definition(FORK), []),
    "same size, with a proof": (7, NEW, 7, NEW, STEPS),
    "a root claimed for the empty tree": (0, OLD, 7, NEW, []),
    "one hash more": (5, OLD, 7, NEW, [*STEPS, LEAVES[0]]),
    "one hash short": (5, OLD, 7, NEW, STEPS[:-1]),
    "honest proof of a forked log": (5, OLD, 7, by_definition(FORK), tree.consistency_proof(5, 7, nodes(FORK))),
}


@pytest.mark.parametrize("case", BAD_INCLUSION.values(), ids=BAD_INCLUSION)
def test_an_inclusion_proof_that_shows_something_else_is_refused(case: tuple[bytes, int, int, list[bytes], bytes]) -> None:
    with pytest.raises(InvalidProof) as refusal:
        tree.verify_inclusion(*case)
    assert str(refusal.value)


@pytest.mark.parametrize("case", BAD_CONSISTENCY.values(), ids=BAD_CONSISTENCY)
def test_a_consistency_proof_that_shows_something_else_is_refused(case: tuple[int, bytes, int, bytes, list[bytes]]) -> None:
    with pytest.raises(InvalidProof) as refusal:
        tree.verify_consistency(*case)
    assert str(refusal.value)


def test_what_is_no_hash_is_refused() -> None:
    for bad in (b"", bytes(31), bytes(33)):
        with pytest.raises(MalformedHash):
            tree.verify_inclusion(LEAVES[3], 3, 7, [bad, *PATH[1:]], ROOT7)
        with pytest.raises(MalformedHash):
            tree.root([bad])
    with pytest.raises(MalformedHash):
        Frontier(3, [bytes(32)])


def test_proofs_of_what_is_not_there_are_not_made() -> None:
    for index, size in ((7, 7), (-1, 7), (0, 0)):
        with pytest.raises(InvalidProof):
            tree.inclusion_proof(index, size, nodes(LEAVES))
    for old, new in ((8, 7), (-1, 7)):
        with pytest.raises(InvalidProof):
            tree.consistency_proof(old, new, nodes(LEAVES))
