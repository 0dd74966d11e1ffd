"""Tiles: which there are, where they lie, and that nodes read from them are the tree's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.ledger import tiles, tree
from upheld.ledger.tiles import ENTRIES, MalformedTile, Tile, TiledNodes
from upheld.ledger.tree import MalformedHash

LEAVES = [tree.leaf_hash(number.to_bytes(4, "big")) for number in range(66_000)]
ROWS: list[list[bytes]] = [LEAVES]
while len(ROWS[-1]) > 1:
    below = ROWS[-1]
    ROWS.append([tree.node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])


def stored(tile: Tile) -> bytes:
    """Return the hashes of `tile` over `LEAVES`."""
    return b"".join(ROWS[8 * tile.level][tile.n * 256 : tile.n * 256 + tile.width])


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts() -> None:
    found = list(tiles.hash_tiles(70_000))
    assert len(found) == 273 + 1 + 1 + 1 + 1
    assert [tile for tile in found if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above() -> None:
    assert list(tiles.hash_tiles(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles.hash_tiles(0)) == list(tiles.bundles(0)) == []


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(ENTRIES, 0, 17), "tile/entries/000.p/17"),
        (Tile(1, 999), "tile/1/999"),
        (Tile(2, 1000, 255), "tile/2/x001/000.p/255"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@given(st.integers(-1, 63), st.integers(0, 2**55), st.integers(1, 256))
def test_every_path_leads_back_to_its_tile(level: int, n: int, width: int) -> None:
    assert tiles.parse_path(Tile(level, n, width).path) == Tile(level, n, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1",
        "tile/00/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/64/000",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/../0/000",
        "tile/-1/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "checkpoint",
        "",
        "tile/entries/x1/000",
    ],
)
def test_another_spelling_is_no_path(path: str) -> None:
    with pytest.raises(MalformedTile):
        tiles.parse_path(path)


@given(st.integers(1, 66_000), st.data())
def test_nodes_read_from_tiles_are_the_trees(size: int, data: st.DataObject) -> None:
    node = TiledNodes(stored, size, keep=4)
    assert tree.root_at(size, node) == tree.root(LEAVES[:size]) if size < 3000 else True
    height = data.draw(st.integers(0, size.bit_length() - 1))
    index = data.draw(st.integers(0, (size >> height) - 1))
    assert node(height, index) == ROWS[height][index]


@given(st.integers(1, 66_000), st.data())
def test_proofs_from_tiles_hold_as_the_log_grows(size: int, data: st.DataObject) -> None:
    nodes = TiledNodes(stored, data.draw(st.integers(1, size)))
    nodes.grow(size)
    index, root = data.draw(st.integers(0, size - 1)), tree.root_at(size, nodes)
    tree.verify_inclusion(LEAVES[index], index, size, tree.inclusion_proof(index, size, nodes), root)
    old = data.draw(st.integers(1, size))
    tree.verify_consistency(old, tree.root_at(old, nodes), size, root, tree.consistency_proof(old, size, nodes))


def test_a_short_tile_is_not_guessed_at() -> None:
    with pytest.raises(MalformedHash):
        TiledNodes(lambda tile: stored(tile)[:-32], 300)(0, 299)
    with pytest.raises(MalformedHash):
        TiledNodes(lambda tile: stored(tile)[:-1], 300)(0, 0)
    with pytest.raises(MalformedHash):
        tiles.tile_root(bytes(32))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_returns_its_entries(entries: list[bytes]) -> None:
    assert tiles.unbundle(tiles.bundle(entries), len(entries)) == entries


@given(st.binary(max_size=60), st.integers(0, 5))
def test_any_bytes_are_a_bundle_or_refused(data: bytes, width: int) -> None:
    try:
        entries = tiles.unbundle(data, width)
    except MalformedTile:
        return
    assert tiles.bundle(entries) == data
