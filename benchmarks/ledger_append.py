"""What the ledger adds to a save, and what sequencing costs: `python -m benchmarks.ledger_append`. CPU time, medians of five."""

import argparse
import sqlite3
import statistics
from collections.abc import Callable
from pathlib import Path

from benchmarks.ledger_fill import BODY, cpu, say, workspace

BATCH = 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=5, help="batches of 1,000 entries")
    batches = parser.parse_args().batches
    with workspace() as root:
        from django.db import transaction

        from upheld.ledger.append import append
        from upheld.ledger.sequencer import sequence

        def save() -> None:
            with transaction.atomic():
                for number in range(BATCH):
                    append("verdict.changed", body={**BODY, "n": number}, subject=("measure", "authorization/leavers_removed"))

        def save_with_person() -> None:
            with transaction.atomic():
                for number in range(BATCH):
                    append("request.received", body={"n": number}, subject=("person", "psn_1"), personal={"email": "a@example.com"})

        appended, sequenced = [], []
        for _ in range(batches):
            appended.append(cpu(save, BATCH))
            sequenced.append(cpu(sequence, BATCH))
        personal = median(save_with_person, batches)
        once = median(lambda: one(append), batches)
        say("append, 1,000 a transaction (overhead of a save)", statistics.median(appended), "<= 30 us")
        say("sequence: place, recompute, sign", statistics.median(sequenced), ">= 50,000/CPU-s")
        say("both: what an entry costs in all", statistics.median(appended) + statistics.median(sequenced), ">= 100,000/CPU-s")
        say("append naming a person, with one personal value", personal, "none")
        say("append, a transaction each (with its commit)", once, "none")
        say("bare SQLite insert of the same bytes, 1,000 a commit", bare(root), "for comparison")


def one(append: Callable[..., str]) -> None:
    """Append 1,000 entries, each in its own transaction."""
    from django.db import transaction

    for number in range(BATCH):
        with transaction.atomic():
            append("verdict.changed", body={**BODY, "n": number})


def median(work: Callable[[], object], times: int) -> float:
    """Return the median CPU time of `work` by the entry, in microseconds."""
    return statistics.median(cpu(work, BATCH) for _ in range(times))


def bare(root: Path) -> float:
    """Return what inserting 500 bytes costs without any ledger, durably."""
    database = sqlite3.connect(root / "bare.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entry (idx INTEGER PRIMARY KEY, data BLOB)")

    def insert() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO entry (data) VALUES (?)", [(b"x" * 500,)] * BATCH)
        database.execute("COMMIT")

    return median(insert, 5)


if __name__ == "__main__":
    main()
