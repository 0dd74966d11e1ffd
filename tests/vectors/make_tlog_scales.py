"""Makes tlog_scales.json and tlog_scales.zip with an implementation that is not ours, the PyPI package tlog-scales 0.0.3.

Run it in an environment of its own: pip install tlog-scales==0.0.3; python make_tlog_scales.py
With a folder written by `upheld ledger export` and its key, it reads ours instead: python make_tlog_scales.py FOLDER KEY
"""

import json
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import PlainEd25519Signer, Vkey
from tlog_scales.writer import TilesWriter

ORIGIN = "vectors.example/ledger/main/1"
SEED = sha256(b"a key that signs vectors and nothing else").digest()
SIZES = (1, 2, 3, 4, 7, 8, 255, 256, 257, 511, 512, 513, 700)
PAIRS = ((0, 1), (0, 700), (1, 2), (255, 256), (256, 257), (256, 700), (257, 700), (511, 513), (512, 700), (699, 700), (700, 700), (6, 7))
PLACES = (
    (0, 1),
    (0, 2),
    (1, 3),
    (6, 7),
    (254, 255),
    (255, 256),
    (256, 257),
    (0, 257),
    (511, 513),
    (0, 700),
    (300, 700),
    (511, 700),
    (699, 700),
)


def entry(index: int) -> bytes:
    return f"entry {index} {'x' * (index % 40)}".encode()


def make(folder: Path) -> None:
    signer = PlainEd25519Signer(ORIGIN, SEED)
    root = folder / "log"
    writer = TilesWriter.create(root, ORIGIN)
    notes = {}
    for index in range(max(SIZES)):
        writer.add_leaf(entry(index))
        if index + 1 in SIZES:
            writer.commit([signer])
            notes[index + 1] = (root / "checkpoint").read_text()
    reader = TilesReader(LocalBackend(root))
    reader.get_checkpoint()
    vectors = {
        "origin": ORIGIN,
        "key": signer.vkey.serialize(),
        "notes": notes,
        "inclusion": [[index, size, _hex(reader.get_inclusion_proof(index, size))] for index, size in PLACES],
        "consistency": [[old, new, _hex(reader.get_consistency_proof(old, new)) if old else []] for old, new in PAIRS],
    }
    here, whole = Path(__file__).parent, folder / "whole"
    at_once = TilesWriter.create(whole, ORIGIN)  # without the partial tiles of earlier sizes
    for index in range(max(SIZES)):
        at_once.add_leaf(entry(index))
    at_once.commit([signer])
    (here / "tlog_scales.json").write_text(json.dumps(vectors, indent=1) + "\n")
    with zipfile.ZipFile(here / "tlog_scales.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(whole.rglob("*")):
            if path.is_file():
                archive.writestr(zipfile.ZipInfo(path.relative_to(whole).as_posix(), (1980, 1, 1, 0, 0, 0)), path.read_bytes())


def read(folder: Path, key: str) -> None:
    reader = TilesReader(LocalBackend(folder))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(key))
    if reader.calculate_root_hash() != checkpoint.root_hash:
        sys.exit("tlog-scales computes another root")
    for index in range(0, checkpoint.size, max(1, checkpoint.size // 500)):
        leaf = sha256(b"\x00" + reader.get_entry(index)).digest()
        reader.get_inclusion_proof(index, checkpoint.size).check(leaf, checkpoint.root_hash)
    sys.stdout.write(f"tlog-scales agrees: {checkpoint.size} entries, root {checkpoint.root_hash.hex()}\n")


def _hex(proof) -> list[str]:
    return [node.hex() for node in proof.node_hashes]


if __name__ == "__main__":
    if len(sys.argv) == 3:
        read(Path(sys.argv[1]), sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as scratch:
            make(Path(scratch))
