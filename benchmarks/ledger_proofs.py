"""Proofs, verification and size of a long log: `python -m benchmarks.ledger_proofs [--size 1000000]`. CPU time."""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.ledger_fill import ORIGIN, cpu, fill, say, workspace


def main() -> None:
    """Build a log, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="entries; 10000000 takes some ten minutes to fill")
    size = parser.parse_args().size
    with workspace() as root:
        say(f"fill and sequence {size:,} entries in bulk", cpu(lambda: fill(size), size), ">= 50,000/CPU-s")
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
    print(f"bytes an entry: {own:.1f} of its own, {whole / count - own:.1f} of overhead   target <= 85")


def measure_proofs(size: int) -> None:
    """Print what a proof costs, cold and warm, and its verification."""
    from django.db import connection

    from upheld.ledger import reading, store, tree

    log = store.current()
    assert log is not None
    connection.close()
    start = time.process_time()
    log.root(log.size())
    print(f"cold open, size and root: {(time.process_time() - start) * 1e3:.2f} ms   target <= 20 ms")
    places = [random.randrange(size) for _ in range(400)]
    say("inclusion proof, cold (nothing kept), p50", p50([lambda at=at: reading.prove(log, at) for at in places]), "<= 1,000 us")
    nodes = log.nodes(size, keep=65_536)
    warm = [lambda at=at: tree.inclusion_proof(at, size, nodes) for at in places]
    p50(warm)
    say("inclusion proof, warm (tiles kept), p50", p50(warm), "<= 100 us")
    root, at = log.root(size), places[0]
    path, leaf = tree.inclusion_proof(at, size, nodes), tree.leaf_hash(log.entry(at))
    say("verify one inclusion proof", p50([lambda: tree.verify_inclusion(leaf, at, size, path, root)] * 400), "<= 20 us")
    say("consistency proof, cold, p50", p50([lambda at=at: tree.consistency_proof(at + 1, size, log.nodes(size)) for at in places]), "none")


def measure_verification(size: int) -> None:
    """Print what verifying the whole costs: in place, and exported, by the standard library alone."""
    from upheld.ledger import export, reading, sequencer, store
    from upheld.ledger.verify import __main__ as verifier

    log = store.current()
    assert log is not None
    key = sequencer.verification_key(log)
    say("verify in place, hashes only", cpu(lambda: held(reading.verify(log, key, hashes_only=True)), size), ">= 400,000/CPU-s")
    say("verify in place, strictly", cpu(lambda: held(reading.verify(log, key)), size), "none")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "log.zip"
        say("export as zip", cpu(lambda: export.export(log, path), size), "none")
        print(f"bytes an entry in the zip: {path.stat().st_size / size:.1f}")
        only = cpu(lambda: held(verifier.verify(path, ORIGIN, [key], hashes_only=True)), size)
        say("verify the zip, standard library, hashes only", only, ">= 300,000/CPU-s")
        say("verify the zip, standard library, strictly", cpu(lambda: held(verifier.verify(path, ORIGIN, [key])), size), ">= 60,000/CPU-s")


def held(report: object) -> None:
    """Stop if a report does not hold: a figure for a wrong answer is none."""
    from upheld.ledger.verify.report import Report

    assert isinstance(report, Report)
    if report.failed:
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
