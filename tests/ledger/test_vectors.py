"""What an independent implementation made, read by ours: same roots, same proofs, same signatures."""

import json
from pathlib import Path
from typing import Any

import pytest

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import keys, tiles, tree
from upheld.ledger.checkpoint import parse_key
from upheld.ledger.keys import FileSigner
from upheld.ledger.tiles import Tile, TiledNodes
from upheld.ledger.verify import export, layout

VECTORS = Path(__file__).parent.parent / "vectors"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Return what `make_tlog_scales.py` wrote."""
    found: dict[str, Any] = json.loads((VECTORS / "tlog_scales.json").read_text())
    return found


def leaves(size: int) -> list[bytes]:
    """Return the leaf hashes of the entries that the vectors are over."""
    return [tree.leaf_hash(f"entry {index} {'x' * (index % 40)}".encode()) for index in range(size)]


def nodes(size: int) -> TiledNodes:
    """Return the nodes over `leaves`."""
    rows = [leaves(size)]
    while len(rows[-1]) >= 256:
        rows.append([tiles.tile_root(b"".join(rows[-1][at : at + 256])) for at in range(0, len(rows[-1]) - 255, 256)])

    def read(tile: Tile) -> bytes:
        return b"".join(rows[tile.level][tile.n * 256 : tile.n * 256 + tile.width])

    return TiledNodes(read, size)


def test_its_checkpoints_verify_and_have_our_roots(made: dict[str, Any]) -> None:
    key = parse_key(made["key"])
    for size, note in made["notes"].items():
        found = checkpoints.verify(note.encode(), made["origin"], [key])
        assert (found.size, found.root) == (int(size), tree.root(leaves(int(size))))


def test_it_signs_what_we_sign(made: dict[str, Any]) -> None:
    from hashlib import sha256

    signer = FileSigner(made["origin"], sha256(b"a key that signs vectors and nothing else").digest())
    assert signer.key.text() == made["key"]
    for note in made["notes"].values():
        checkpoint, _ = checkpoints.parse(note.encode())
        assert keys.sign(checkpoint, signer) == note


def test_its_inclusion_proofs_are_ours(made: dict[str, Any]) -> None:
    for index, size, path in made["inclusion"]:
        assert [step.hex() for step in tree.inclusion_proof(index, size, nodes(size))] == path


def test_its_consistency_proofs_are_ours(made: dict[str, Any]) -> None:
    for old, new, path in made["consistency"]:
        assert [step.hex() for step in tree.consistency_proof(old, new, nodes(new))] == path


def test_its_export_verifies(made: dict[str, Any]) -> None:
    with layout.opened(VECTORS / "tlog_scales.zip") as found:
        report = export.verify(found, made["origin"], [parse_key(made["key"])], hashes_only=True)
    assert report.failed == []
    assert (report.size, report.skipped != []) == (700, True)


def test_its_entries_are_not_ours_and_that_is_said(made: dict[str, Any]) -> None:
    with layout.opened(VECTORS / "tlog_scales.zip") as found:
        report = export.verify(found, made["origin"], [parse_key(made["key"])])
    assert len(report.failed) == 21
    assert report.failed[0].startswith("entry 0 is not JSON")
