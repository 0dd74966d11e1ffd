"""Proofs, verification and size of a long log: `python -m benchmarks.ledger_proofs [--size 1000000]`. CPU time.

`--at FOLDER` keeps the workspace, and takes one that is there, of whatever size it is.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.ledger_fill import ORIGIN, best, cpu, fill, say, workspace

if TYPE_CHECKING:
    from upheld.ledger.store import StoredLog


def main() -> None:
    """Build a log, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="entries; 10,000,000 take some three minutes and 7 GB")
    parser.add_argument("--at", type=Path, help="folder of the workspace, which is kept")
    options = parser.parse_args()
    with workspace(options.at) as root:
        from upheld.ledger import store

        log = store.current()
        assert log is not None
        if log.size() < options.size:
            made, logged = fill(options.size - log.size())
            say(f"fill to {options.size:,} entries in bulk", logged, f"aim >= 100,000/CPU-s; {made:.1f} us more to make up what happened")
        size = log.size()
        print(f"-- {size:,} entries")
        measure_size(root)
        measure_proofs(size)
        measure_verification(size)


def measure_size(root: Path) -> None:
    """Print the bytes of the database beyond the entries' own."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("SELECT count(*), sum(length(data)) FROM ledger_entry")
        count, payload = cursor.fetchone()
        cursor.execute("PRAGMA freelist_count")
        (free,) = cursor.fetchone()
        cursor.execute("PRAGMA page_size")
        (page,) = cursor.fetchone()
    whole = (root / "upheld.sqlite3").stat().st_size - free * page
    own = payload / count
    print(f"bytes an entry: {own:.1f} of its own, {whole / count - own:.1f} of overhead   aim <= 85")


def measure_proofs(size: int) -> None:
    """Print what a proof costs, cold and warm, and its verification."""
    from django.db import connection

    from upheld.ledger import reading, store, tree

    log = store.current()
    assert log is not None
    print(f"cold open, size and root: {cold_open():.2f} ms   aim <= 20 ms")
    connection.close()
    chance = random.Random(2)
    places = [chance.randrange(size) for _ in range(400)]
    say("inclusion proof, the first under a checkpoint, p50", p50([lambda at=at: first(log, at) for at in places[:100]]), "")
    say("inclusion proof, cold (no tile kept), p50", p50([lambda at=at: reading.prove(log, at) for at in places]), "aim <= 1,000 us")
    nodes = log.nodes(size, keep=65_536)
    warm = [lambda at=at: tree.inclusion_proof(at, size, nodes) for at in places]
    p50(warm)
    say("inclusion proof, warm (tiles kept), p50", p50(warm), "aim <= 100 us")
    root, at = log.root(size), places[0]
    path, leaf = tree.inclusion_proof(at, size, nodes), tree.leaf_hash(log.entry(at))
    say("verify one inclusion proof", p50([lambda: tree.verify_inclusion(leaf, at, size, path, root)] * 400), "aim <= 20 us")
    say("consistency proof, cold, p50", p50([lambda at=at: tree.consistency_proof(at + 1, size, log.nodes(size)) for at in places]), "")


def first(log: "StoredLog", at: int) -> object:
    """Return a proof as in a new process: not even the right edge of the tree is known."""
    from upheld.ledger import reading, store

    store._edges.clear()
    return reading.prove(log, at)


def cold_open() -> float:
    """Return the CPU milliseconds to connect, and find size and root; the best of five, each on a connection of its own."""
    from django.db import connection

    from upheld.ledger import store

    taken = []
    for _ in range(5):
        connection.close()
        start = time.process_time()
        log = store.current()
        assert log is not None
        log.root(log.size())
        taken.append((time.process_time() - start) * 1e3)
    return min(taken)


def measure_verification(size: int) -> None:
    """Print what verifying the whole costs: in place, and exported, by the standard library alone."""
    from upheld.ledger import export, reading, sequencer, store
    from upheld.ledger.verify import __main__ as verifier

    log = store.current()
    assert log is not None
    key = sequencer.verification_key(log)
    times = 3 if size <= 1_000_000 else 1
    say("verify in place, hashes only", best(lambda: held(reading.verify(log, key, hashes_only=True)), size, times), "aim >= 400,000/CPU-s")
    say(
        "beside it: the hashes of a tree over such entries, from memory",
        hashing(list(log.entries(0, min(size, 51_200)))),
        "no reading, no checks",
    )
    say("verify in place, strictly", best(lambda: held(reading.verify(log, key)), size, times), "")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "log.zip"
        say("export as zip", cpu(lambda: export.export(log, path), size), "")
        print(f"bytes an entry in the zip: {path.stat().st_size / size:.1f}")
        only = best(lambda: held(verifier.verify(path, ORIGIN, [key], hashes_only=True)), size, times)
        say("verify the zip, standard library, hashes only", only, "aim >= 300,000/CPU-s")
        strictly = best(lambda: held(verifier.verify(path, ORIGIN, [key])), size, times)
        say("verify the zip, standard library, strictly", strictly, "aim >= 60,000/CPU-s")


def hashing(entries: list[bytes]) -> float:
    """Return what only hashing leaves and tiles costs by the entry: the floor, under whatever load there is."""
    from upheld.ledger import tiles, tree

    def whole() -> None:
        hashes = b"".join(tree.leaf_hashes(entries))
        for at in range(0, len(hashes) - tiles.WIDTH * 32 + 1, tiles.WIDTH * 32):
            tiles.tile_root(hashes[at : at + tiles.WIDTH * 32])

    return best(whole, len(entries), 3)


def held(report: object) -> None:
    """Stop if a report does not hold: a figure for a wrong answer is none."""
    from upheld.ledger.verify.report import Report

    assert isinstance(report, Report)
    if not report.holds:
        raise SystemExit(report.text())


def p50(calls: list[Callable[[], object]]) -> float:
    """Return the median CPU time of `calls`, in microseconds."""
    taken = []
    for call in calls:
        start = time.process_time_ns()
        call()
        taken.append((time.process_time_ns() - start) / 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
